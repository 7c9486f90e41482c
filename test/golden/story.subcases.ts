import type { CharterDocument } from '#charter';
import { type Case, type CaseState, loadDefinition, openVisits } from '#workflow';
import type { Rehearsal } from '../../apps/server/rehearsal.js';
import { adopt } from '../../apps/server/rehearsal.founding.js';
import { wonLeadsTo } from '../support/won-leads-to.js';
import { Chapter } from './story.carrying-out.js';

/** The charter with the powers that the workflow of this part names beside. */
const amended = (charter: CharterDocument): CharterDocument => ({
  ...charter,
  powers: [
    ...charter.powers.map((clause) =>
      clause.power === 'decide-appeal'
        ? { ...clause, organ: 'secretariat' }
        : clause.power === 'recognise-course'
          ? { ...clause, workflows: [...(clause.workflows ?? []), 'appealed', 'reopened'] }
          : clause,
    ),
    { power: 'hear-objection', organ: 'secretariat' },
  ],
});

const reason = '据实记录。For the record.';
const evidence = [{ sha256: 'e'.repeat(64), bytes: 2_048, mediaType: 'application/pdf' }];

/** Decisions that are appealed against, or become final; an objection that is heard until the application is withdrawn. */
export async function appealed(rehearsal: Rehearsal, charter: CharterDocument, institution: string): Promise<void> {
  await adopt(rehearsal, { charter: amended(charter) });
  const chapter = new Chapter(rehearsal, institution, 'appealed');
  const { dean, secretary } = chapter;
  await chapter.open((await loadDefinition('test/support/workflows/appealed.yaml')).definition);
  const state = async (name: string): Promise<Case> => {
    const loaded = (await rehearsal.states.fresh<CaseState>(`case-golden.${chapter.address(name)}`)).state;
    if (loaded.status === 'none') throw new Error(`there is no ${name}`);
    return loaded;
  };
  for (const name of ['won', 'lost', 'final', 'heard']) {
    await chapter.submit(name, { title: `课程 ${name}` });
    await reviewed(rehearsal, chapter.address(name), await state(name), name === 'heard' ? 9 : 3);
  }
  const plea = { appeal: 'appeal', grounds: ['evidence'], statement: reason, evidence };
  for (const name of ['won', 'lost']) {
    await chapter.act(dean, name, 'LodgeAppeal', plea);
    const appeal = `${chapter.address(name)}.appeal.1`;
    const opened = (await rehearsal.states.fresh<Case>(`case-golden.${appeal}`)).state;
    await reviewed(rehearsal, appeal, opened, name === 'won' ? 9 : 2);
  }
  const act = async (person: string, id: string, type: string, data: object): Promise<void> => {
    await rehearsal.as(person, 'case', id, { type, data });
    await chapter.pass(0);
  };
  const ruling = { stage: 'board', ruling: 'sustained', reason, minutes: evidence[0] };
  await act(secretary, `${chapter.address('won')}.appeal.1`, 'GiveRuling', ruling);
  for (const person of votersOf(await state('heard')))
    await chapter.act(person, 'heard', 'CastVote', { stage: 'committee', choice: 'for' }).catch(() => undefined);
  const objection = { stage: 'publicity', name: '何异议', contact: '13800000000', statement: reason, evidence };
  await chapter.act(rehearsal.person('critic'), 'heard', 'RaiseObjection', objection);
  const answer = { stage: 'answer', statement: reason, evidence };
  await act(dean, `${chapter.address('heard')}.hearing.1`, 'GiveStatement', answer);
  await chapter.act(dean, 'heard', 'WithdrawApplication', { reason });
  await chapter.pass(30);
  await reopened(rehearsal, new Chapter(rehearsal, institution, 'reopened'));
}

/** A case that an appeal brings back to a stage, and that then comes to its end like any other. */
async function reopened(rehearsal: Rehearsal, chapter: Chapter): Promise<void> {
  const { definition } = await loadDefinition('test/support/workflows/appealed.yaml');
  await chapter.open(wonLeadsTo('publicity', { ...definition, id: 'reopened' }));
  await chapter.submit('won', { title: '课程 won' });
  const [id, appeal] = [chapter.address('won'), `${chapter.address('won')}.appeal.1`];
  const state = async (of: string): Promise<Case> => (await rehearsal.states.fresh<Case>(`case-golden.${of}`)).state;
  await reviewed(rehearsal, id, await state(id), 3);
  await chapter.act(chapter.dean, 'won', 'LodgeAppeal', { appeal: 'appeal', grounds: ['evidence'], statement: reason, evidence });
  await reviewed(rehearsal, appeal, await state(appeal), 9);
  const data = { stage: 'board', ruling: 'sustained', reason, minutes: evidence[0] };
  await rehearsal.as(chapter.secretary, 'case', appeal, { type: 'GiveRuling', data });
  await chapter.pass(30);
}

async function reviewed(rehearsal: Rehearsal, id: string, state: Case, points: number): Promise<void> {
  const [visit] = openVisits(state);
  for (const { reviewer } of visit?.kind === 'panel' ? visit.assignments : []) {
    const data = { stage: visit?.stage, scores: [{ criterion: 'merit', points }], vetoes: [], comment: '评审意见' };
    await rehearsal.as(reviewer, 'case', id, { type: 'SubmitReview', data });
  }
  await rehearsal.until(rehearsal.clock.now());
}

const votersOf = (state: Case): readonly string[] =>
  openVisits(state).flatMap((visit) =>
    visit.kind === 'ballot' ? (visit.sittings.at(-1)?.seats.map(({ person }) => person) ?? []) : [],
  );
