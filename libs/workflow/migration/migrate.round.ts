import {
  type AskingContext,
  canonicalJson,
  type CharterHistory,
  charterStream,
  type DecisionContext,
  DomainError,
  sha256,
  type Text,
} from '#kernel';
import { knownCase, wallStreams } from '../case.knowing.js';
import type { CaseState } from '../case.state.js';
import { type Finding, said } from '../check/finding.js';
import { type DefinitionHistory, definitionStream, type Pinned } from '../definition.js';
import type { MigrateCases, RoundMigrated } from '../migration.messages.js';
import { refused } from '../refusal.js';
import type { Round } from '../round.state.js';
import { mappingFindings } from './mapping.check.js';
import type { Obstacle } from './obstacle.js';
import { type Mapped, planOf } from './plan.js';
import type { Transition } from './transition.js';

const caseStream = (roundId: string, subject: string): string => `case-${roundId}.${subject}`;

/** The streams that a migration rests on: the definition, the charter, each case, and whoever may not know of one. */
export function migrationStreams({ cases }: MigrateCases, { definition }: Round, asking: AskingContext): readonly string[] {
  const own = cases.map((subject) => caseStream(asking.id, subject));
  const basics = [definitionStream(asking.alliance, definition.id), charterStream(asking.alliance), ...own];
  if (!basics.every(asking.loaded)) return basics;
  const walls = own.flatMap((stream) => {
    const state = asking.consulted<CaseState>(stream);
    return state.status === 'none' ? [] : wallStreams(state, asking);
  });
  return [...basics, ...new Set(walls)];
}

/** A migration as it is asked for: from and to which version, under which clause. */
export interface MigrationAsked {
  readonly to: number;
  readonly transition?: Transition;
}

/** The versions and the clause of a migration, proved. */
export interface Resolved extends Mapped {
  readonly clause: Text;
  readonly pinned: { readonly from: Pinned; readonly to: Pinned };
}

/**
 * Resolves which clause a migration rests on, and proves its mapping.
 *
 * @throws DomainError round.definition-not-adopted, round.no-transition, round.mapping-unsound
 */
export function resolved(history: DefinitionHistory, id: string, { to, transition: given }: MigrationAsked): Resolved {
  const target = history.versions[to];
  if (target === undefined) throw notAdopted(id, to);
  const transition = given ?? target.definition.transition;
  if (transition === undefined) throw noTransition(to);
  const source = history.versions[transition.from];
  if (source === undefined) throw notAdopted(id, transition.from);
  const findings = mappingFindings(source.definition, target.definition, transition.stages);
  if (findings.length > 0) throw unsound(findings);
  const pin = (version: number, { hash }: { readonly hash: string }): Pinned => ({ id, version, hash });
  return {
    from: source.definition,
    to: target.definition,
    stages: transition.stages,
    clause: { en: transition.text.en, zh: transition.text.zh },
    pinned: { from: pin(transition.from, source), to: pin(to, target) },
  };
}

/** A case that stands in the way of a migration. */
export interface Hindered {
  readonly case: string;
  readonly number: string;
  readonly obstacles: readonly Obstacle[];
}

/** All of the cases that are named, or none: what cannot be carried over makes the whole refused. */
export function migrated(data: MigrateCases, round: Round, context: DecisionContext): RoundMigrated {
  const { alliance, id, consulted, now } = context;
  const asked = resolved(
    consulted<DefinitionHistory>(definitionStream(alliance, round.definition.id)),
    round.definition.id,
    data,
  );
  if (data.charter !== undefined) charterMoves(data.charter, consulted<CharterHistory>(charterStream(alliance)));
  const plans = data.cases.map((subject) => ({ subject, ...planned(caseStream(id, subject), asked, context, now) }));
  const hindered = plans.filter(({ obstacles }) => obstacles.length > 0);
  if (hindered.length > 0) throw cannot(hindered.map(({ subject, number, obstacles }) => ({ case: subject, number, obstacles })));
  return {
    ...asked.pinned,
    stages: asked.stages,
    mapping: sha256(canonicalJson(asked.stages), 'hex'),
    clause: asked.clause,
    cases: plans.filter(({ stays }) => !stays).map(({ subject }) => subject),
    staying: plans.filter(({ stays }) => stays).map(({ subject }) => subject),
    ...(data.charter === undefined ? {} : { charter: data.charter }),
  };
}

function planned(stream: string, asked: Resolved, context: DecisionContext, now: number) {
  const { open } = knownCase(context.consulted<CaseState>(stream), context);
  if (open.status !== 'open' || open.definition.version !== asked.pinned.from.version)
    throw notToBeMoved(open.number, asked.pinned.from);
  return { number: open.number, ...planOf(open, asked, now) };
}

/** An amended charter binds open rounds only where it says that it does. */
function charterMoves(charter: number, { version, transition }: CharterHistory): void {
  if (charter === version && transition === 'move') return;
  throw refused(
    'round.charter-kept',
    `Open rounds keep the charter that they were opened under, unless the amendment says that they move. Version ${version} is in force, and ${transition === 'move' ? 'says so' : 'does not say so'}.`,
    `已启动的轮次适用启动时的章程，除非修订案规定随之适用新版本。现行为第 ${version} 版，${transition === 'move' ? '有此规定' : '无此规定'}。`,
    { charter, inForce: version },
  );
}

const notAdopted = (id: string, version: number): DomainError =>
  refused(
    'round.definition-not-adopted',
    `Version ${version} of “${id}” has not been adopted.`,
    `工作流“${id}”第 ${version} 版尚未通过。`,
    { id, version },
  );

const noTransition = (to: number): DomainError =>
  refused(
    'round.no-transition',
    `Version ${to} carries no transition clause: open rounds keep the version they were opened under. Resolve on a clause, and send it along.`,
    `第 ${to} 版没有过渡条款：已启动的轮次适用启动时的版本。如需迁移，请先议定过渡条款并随指令提交。`,
    { to },
  );

const unsound = (findings: readonly Finding[]): DomainError =>
  refused(
    'round.mapping-unsound',
    `This mapping cannot be used. ${said(findings).en}`,
    `该对应关系不能使用。${said(findings).zh}`,
    { findings },
  );

const notToBeMoved = (number: string, { version }: Pinned): DomainError =>
  refused(
    'round.case-elsewhere',
    `Application ${number} is not open under version ${version}. Look at the dry run again.`,
    `申报 ${number} 并非按第 ${version} 版办理中，请重新预演。`,
    { number, version },
  );

const cannot = (cases: readonly Hindered[]): DomainError =>
  refused(
    'round.cannot-migrate',
    `Nothing was migrated: ${cases.length} cases stand in the way. ${cases.map(({ number, obstacles }) => `${number}: ${obstacles.map(({ text }) => text.en).join(' ')}`).join(' ')}`.slice(
      0,
      4_000,
    ),
    `未作任何迁移：有 ${cases.length} 件案件不能迁移。${cases.map(({ number, obstacles }) => `${number}：${obstacles.map(({ text }) => text.zh).join('')}`).join('')}`.slice(
      0,
      4_000,
    ),
    { cases },
  );
