import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { categoryOf, DomainError, type EventStore, type Text, uuidv7 } from '#kernel';
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
  type RoundState,
  type Transition,
} from '#workflow';
import { roundContext } from '../server/contexts.js';
import type { Engines } from '../server/engines.js';
import { ShapePipe } from '../server/http/shape.pipe.js';
import { type Command, type Console, Failure, type Options, textOption, wholeNumber } from './command.js';
import { withInstallation } from './installation.js';
import { readable } from './workflow-check.command.js';

export const workflowMigrateCommand: Command = {
  words: ['workflow', 'migrate'],
  parameters: 'ALLIANCE.ROUND... --to VERSION [--mapping FILE] [--in-parts] [--dry-run]',
  about: {
    en: 'Moves the open cases of rounds to another version of their workflow, under its transition clause or the one in FILE; all of a round or none; with --in-parts, those of a round that has more than one resolution may name in several, each all or none; with --dry-run, only lists every case and what would change.',
    zh: '按过渡条款（或文件中的条款）将轮次中办理中的案件转为另一版本；同一轮次要么全部迁移、要么全不迁移；案件超过一次决定的上限时，可加 --in-parts 分批决定；加 --dry-run 时只列出各案件及其变化。',
  },
  options: {
    to: { type: 'string' },
    mapping: { type: 'string' },
    'in-parts': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  takes: [1, 100],

  async run(rounds, options, console) {
    const asked = await askedFor(options);
    return withInstallation(console, async (engines) => {
      let isFree = true;
      for (const round of rounds) {
        const found = await planned(engines, round, asked);
        for (const one of found) console.say(line(round, one, console));
        if (found.some(({ fate }) => fate === 'hindered')) isFree = false;
        else if (options['dry-run'] !== true)
          await act(
            engines,
            round,
            { ...asked, inParts: options['in-parts'] === true ? 'allowed' : 'refused', cases: concerned(found) },
            console,
          );
      }
      return isFree ? 0 : 1;
    });
  },
};

interface Asked {
  readonly to: number;
  readonly transition?: Transition;
}

interface Act extends Asked, Pick<Parting, 'inParts'> {
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
async function openCasesOf({ states }: Engines, store: EventStore, round: string): Promise<ReadonlyMap<string, Case>> {
  const streams: string[] = [];
  for (let after = 0n; ;) {
    const { events, through } = await store.readAll(after, { limit: 1_000, categories: ['case'] });
    for (const { type, stream } of events)
      if (type === 'CaseOpened' && categoryOf(stream) === 'case' && stream.startsWith(`case-${round}.`)) streams.push(stream);
    if (through === after) break;
    after = through;
  }
  const found = await Promise.all(
    streams.map(
      async (stream) => [stream.slice(`case-${round}.`.length), (await states.fresh<CaseState>(stream)).state] as const,
    ),
  );
  return new Map(found.filter((one): one is [string, Case] => one[1].status === 'open'));
}

async function act({ handling, clock }: Engines, round: string, asked: Act, console: Console): Promise<void> {
  const alliance = round.slice(0, round.indexOf('.'));
  const { inParts, cases: all, ...data } = asked;
  const parts = partsOf(round, all, { atOnce: mostMigrated, inParts });
  await inTurn(round, parts, async (cases) => {
    const caller = { kind: 'operator', alliance, commandId: uuidv7(clock.now()) } as const;
    await handling.handle(roundContext, round, { type: 'MigrateCases', data: { ...data, cases } }, caller);
  });
  console.tell(
    {
      en: `${round}: resolved. The server moves each case and puts it on record.`,
      zh: `${round}：已决定。服务器将逐件迁移并记录在案。`,
    }[console.language],
  );
}

interface Parting {
  /** How many cases one resolution may name: those are moved all or none. */
  readonly atOnce: number;
  readonly inParts: 'allowed' | 'refused';
}

/**
 * The cases as they are resolved on: together, or in parts where that is allowed.
 *
 * @throws Failure where they are too many to be moved all or none, and nobody has allowed otherwise
 */
export function partsOf(round: string, cases: readonly string[], { atOnce, inParts }: Parting): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(cases.length / atOnce));
  if (count > 1 && inParts === 'refused') throw tooMany(round, cases.length, atOnce);
  return Array.from({ length: count }, (_, index) => cases.slice(index * atOnce, (index + 1) * atOnce));
}

/** One part after the other, each all or none. @throws Failure that says how far it came, where a rule refuses one */
export async function inTurn(
  round: string,
  parts: readonly (readonly string[])[],
  resolve: (cases: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const [index, cases] of parts.entries()) {
    try {
      await resolve(cases);
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      throw parts.length === 1 ? new Failure(failure.text) : stoppedAt(round, { done: index, of: parts.length }, failure.text);
    }
  }
}

const tooMany = (round: string, cases: number, atOnce: number): Failure =>
  new Failure({
    en: `${round}: nothing was moved. ${cases} cases are concerned, and one resolution moves at most ${atOnce}, all or none. To move them in several resolutions, each of them all or none, add --in-parts; if one is refused, those before it stand, and the same command takes up the rest.`,
    zh: `${round}：未作任何迁移。涉及 ${cases} 件案件，一次决定至多迁移 ${atOnce} 件，且要么全部迁移、要么全不迁移。如需分批决定（每批要么全部、要么全不），请加 --in-parts；其中一批被拒时，此前各批有效，再次运行同一命令即可继续。`,
  });

const stoppedAt = (round: string, { done, of }: { readonly done: number; readonly of: number }, { en, zh }: Text): Failure =>
  new Failure({
    en: `${round}: ${done} of ${of} parts are resolved and stand; of the others nothing was moved. ${en} Then run the same command again: it takes up the rest.`,
    zh: `${round}：共 ${of} 批，已决定 ${done} 批且有效，其余各批未作任何迁移。${zh}处理后再次运行同一命令即可继续。`,
  });

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
