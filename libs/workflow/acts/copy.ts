import { type AskingContext, type CharterInForce, charterStream, type DecisionContext, type PersonStanding } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import { type Known, viewerOf, viewerStreams } from '../case.knowing.js';
import { type Case, copiedId } from '../case.state.js';
import type { Owner, Stage } from '../definition.js';
import { refused } from '../refusal.js';
import { isWalled } from '../wall.js';
import type { CopyCase, OrganNamed } from './acts.messages.js';
import { openVisitOf } from './visit.js';

/** Who holds a stage: keeps it, where somebody does; otherwise whose task it is. */
export const holderOf = (stage: Stage): Owner => ('manage' in stage ? { power: stage.manage } : stage);

/** What is read of those to whom a case is copied. */
export const copyStreams = ({ people = [] }: CopyCase, open: Case, asking: AskingContext): readonly string[] => [
  ...viewerStreams(open, asking),
  ...people,
];

/**
 * Adds whom it names and who is not copied in yet.
 *
 * @throws DomainError case.copy-to-whom, case.no-such-organ, case.no-such-person, case.cannot-be-copied
 */
export function copied(data: CopyCase, known: Known, context: DecisionContext): readonly CaseEvent[] {
  const { definition, open } = known;
  const at = openVisitOf(open, data.stage, data.visit);
  const has = new Set(open.copied.map(copiedId));
  const people = (data.people ?? []).filter((person) => !has.has(person));
  const organs = (data.organs ?? []).map(asInCharter(context)).filter((organ) => !has.has(copiedId(organ)));
  if (people.length + organs.length === 0) {
    throw refused(
      'case.copy-to-whom',
      'Name somebody, or an organ, that does not have this case yet.',
      '请指定尚未收到本案的人员或机构。',
    );
  }
  const nobody = people.find((person) => context.consulted<PersonStanding>(person).status !== 'active');
  if (nobody !== undefined) throw noSuchPerson(nobody);
  const barred = people.find((person) => isWalled(definition, open, viewerOf(definition, open, { ...context, actor: person })));
  if (barred !== undefined) {
    throw refused('case.cannot-be-copied', 'Somebody named may not know of this case.', '所列人员中有人不得知悉本案。', {
      person: barred,
    });
  }
  return [{ type: 'CaseCopied', data: { stage: at.stage, visit: at.visit, people, organs } }];
}

/** An organ that the charter has, by its id, with its scope exactly where it needs one. */
const asInCharter =
  ({ alliance, consulted }: DecisionContext) =>
  ({ organ, scope }: OrganNamed): OrganNamed => {
    const { organs } = consulted<CharterInForce>(charterStream(alliance));
    const clause = Object.hasOwn(organs, organ) ? organs[organ] : undefined;
    if (clause === undefined || (clause.scope === 'alliance') !== (scope === undefined)) {
      throw refused(
        'case.no-such-organ',
        `The charter has no organ "${organ}"${scope === undefined ? ' without' : ' with'} a scope.`,
        `章程中没有${scope === undefined ? '不分单位的' : '分单位的'}机构“${organ}”。`,
        { organ },
      );
    }
    return scope === undefined ? { organ } : { organ, scope };
  };

const noSuchPerson = (person: string) =>
  refused(
    'case.no-such-person',
    'Nobody is registered under one of these ids, or their access has been ended. Choose somebody else.',
    '所列编号中有未登记或已停用的人员，请另选他人。',
    { person },
  );
