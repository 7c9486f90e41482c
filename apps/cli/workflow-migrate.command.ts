import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { categoryOf, DomainError, type EventStore, uuidv7 } from '#kernel';
import {
  type Case,
  type CaseState,
  concerned,
  type DefinitionHistory,
  definitionStream,
  type Foreseen,
  foreseen,
  mostMigrated,
  PlanMigration,
  resolved,
  roundContext,
  type RoundState,
  type Transition,
} from '#workflow';
import type { Engines } from '../server/engines.js';
import { ShapePipe } from '../server/http/shape.pipe.js';
import { type Command, type Console, Failure, type Options, textOption, wholeNumber } from './command.js';
import { withInstallation } from './installation.js';
import { readable } from './workflow-check.command.js';

export const workflowMigrateCommand: Command = {
  words: ['workflow', 'migrate'],
  parameters: 'ALLIANCE.ROUND... --to VERSION [--mapping FILE] [--dry-run]',
  about: {
    en: 'Moves the open cases of rounds to another version of their workflow, under its transition clause or the one in FILE; with --dry-run, only lists every case and what would change.',
    zh: '按过渡条款（或文件中的条款）将轮次中办理中的案件转为另一版本；加 --dry-run 时只列出各案件及其变化。',
  },
  options: { to: { type: 'string' }, mapping: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  takes: [1, 100],

  async run(rounds, options, console) {
    const asked = await askedFor(options);
    return withInstallation(console, async (engines) => {
      let isFree = true;
      for (const round of rounds) {
        const found = await planned(engines, round, asked);
        for (const one of found) console.say(line(round, one, console));
        if (found.some(({ fate }) => fate === 'hindered')) isFree = false;
        else if (options['dry-run'] !== true) await act(engines, round, { ...asked, cases: concerned(found) }, console);
      }
      return isFree ? 0 : 1;
    });
  },
};

interface Asked {
  readonly to: number;
  readonly transition?: Transition;
}

interface Act extends Asked {
  readonly cases: readonly string[];
}

async function askedFor(options: Options): Promise<Asked> {
  const to = wholeNumber(options, 'to', 0, [1, 1_000_000]);
  const file = textOption(options, 'mapping');
  if (file === undefined) return { to };
  const transition = parse(await readable(file, () => readFile(file, 'utf8'))) as Transition;
  return new ShapePipe(PlanMigration).transform({ to, transition }) as Asked;
}

async function planned(engines: Engines, round: string, asked: Asked): Promise<readonly Foreseen[]> {
  const { states, store, clock } = engines;
  const { state } = await states.fresh<RoundState>(`round-${round}`);
  if (state.status === 'none') throw noSuchRound(round);
  const alliance = round.slice(0, round.indexOf('.'));
  const history = await states.fresh<DefinitionHistory>(definitionStream(alliance, state.definition.id));
  return orFailure(async () => {
    const mapped = resolved(history.state, state.definition.id, asked);
    return foreseen(await openCasesOf(engines, store, round), mapped, clock.now());
  });
}

/** From the log itself: views may be behind while no server runs. */
async function openCasesOf({ states }: Engines, store: EventStore, round: string): Promise<readonly Case[]> {
  const streams: string[] = [];
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['case'] });
    for (const { type, stream } of events)
      if (type === 'CaseOpened' && categoryOf(stream) === 'case' && stream.startsWith(`case-${round}.`)) streams.push(stream);
    if (through === after) break;
    after = through;
  }
  const found = await Promise.all(streams.map(async (stream) => (await states.fresh<CaseState>(stream)).state));
  return found.filter((state): state is Case => state.status === 'open');
}

/** More than one resolution may name are moved by several, each of all its cases or none. Run again, it takes up what is left. */
async function act({ handling, clock }: Engines, round: string, asked: Act, { tell, language }: Console): Promise<void> {
  const alliance = round.slice(0, round.indexOf('.'));
  for (let from = 0; from === 0 || from < asked.cases.length; from += mostMigrated) {
    const data = { ...asked, cases: asked.cases.slice(from, from + mostMigrated) };
    const caller = { kind: 'operator', alliance, commandId: uuidv7(clock.now()) } as const;
    await orFailure(() => handling.handle(roundContext, round, { type: 'MigrateCases', data }, caller));
  }
  tell(
    {
      en: `${round}: resolved. The server moves each case and puts it on record.`,
      zh: `${round}：已决定。服务器将逐件迁移并记录在案。`,
    }[language],
  );
}

async function orFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    if (failure instanceof DomainError) throw new Failure(failure.text);
    throw failure;
  }
}

const fates = {
  moves: { en: 'moves', zh: '迁移' },
  stays: { en: 'keeps its version', zh: '保留原版本' },
  elsewhere: { en: 'is under another version', zh: '适用其他版本' },
  hindered: { en: 'cannot be moved', zh: '不能迁移' },
} as const;

const line = (round: string, { number, fate, version, moves, obstacles }: Foreseen, { language }: Console): string =>
  [
    `${round} ${number} (${version}): ${fates[fate][language]}`,
    ...moves.map(({ then, from, to }) => `${from.stage} → ${to.stage} (${then}; ${from.dueAt ?? '–'} → ${to.dueAt ?? '–'})`),
    ...obstacles.map(({ text }) => text[language]),
  ].join('; ');

const noSuchRound = (round: string): Failure =>
  new Failure({
    en: `There is no round ${round}. Name it as ALLIANCE.ROUND.`,
    zh: `没有轮次 ${round}，请写作 联盟.轮次。`,
  });
