import { type CharterInForce, charterStream, type DecisionContext, type Decider, institutionCode, isDay } from '#kernel';
import { charterGiven } from './check/charter-given.js';
import type { ContextsKnown } from './check/contexts-known.js';
import { checkUnderCharter } from './check/definition.check.js';
import { type Finding, isRemark, said } from './check/finding.js';
import { announcedIn, calendarStream } from './calendar/calendar.decider.js';
import { counting, deadline, instant } from './deadline.js';
import { type Definition, type DefinitionHistory, definitionStream } from './definition.js';
import { migrated, migrationStreams } from './migration/migrate.round.js';
import { beyondLimit } from './extension.js';
import { pinnedDefinition } from './pinned.js';
import { quotaFindings } from './ranking/quotas.js';
import { refused } from './refusal.js';
import type { GrantExtension, OpenRound, QuotaGiven, QuotasGiven, RoundCommand, RoundEvent } from './round.messages.js';
import { hidesApplicants } from './wall.js';
import { institutionStream } from './applicant.js';
import { deadlineFor, type Round, type RoundState } from './round.state.js';

/** The power under which one applicant is given longer. */
export const extensionPower = 'manage-panel';

/**
 * A round: takes applications in its window, and pins the definition and the charter for all of them.
 *
 * @param contexts - those of the house: what a workflow may send to them
 */
export const roundDecider = (contexts: () => ContextsKnown): Decider<RoundCommand, RoundEvent, RoundState> => ({
  category: 'round',
  parts: 2,
  permits: {
    OpenRound: 'open-round',
    GrantExtension: extensionPower,
    CloseRound: (_command, _round, { actor }) => ({ power: actor === 'engine' ? 'operate-workflow' : 'open-round' }),
    MigrateCases: 'migrate-cases',
  },
  initialState: { status: 'none' },

  consults(command, round, asking) {
    const { alliance } = asking;
    if (command.type === 'OpenRound')
      return [
        definitionStream(alliance, command.data.definition.id),
        charterStream(alliance),
        calendarStream(alliance),
        ...institutionsIn(command.data.quotas).map((code) => institutionStream(alliance, code)),
      ];
    if (command.type === 'GrantExtension' && round.status !== 'none')
      return [
        definitionStream(alliance, round.definition.id),
        calendarStream(alliance),
        institutionStream(alliance, command.data.institution),
      ];
    return command.type === 'MigrateCases' && round.status !== 'none' ? migrationStreams(command.data, round, asking) : [];
  },

  decide(command, round, context) {
    switch (command.type) {
      case 'OpenRound':
        return open(command.data, round, { ...context, contexts: contexts() });
      case 'GrantExtension':
        return extend(command.data, known(round), context);
      case 'CloseRound':
        return close(known(round), context);
      case 'MigrateCases':
        return [{ type: 'RoundMigrated', data: migrated(command.data, opened(round), context) }];
    }
  },

  foldsFacts: true,
  evolve(round, event, { actor, recordedAt }) {
    if (event.type === 'RoundOpened') return { status: 'open', ...event.data, extensions: [] };
    if (round.status === 'none') return round;
    switch (event.type) {
      case 'ExtensionGranted':
        return { ...round, extensions: [...round.extensions, { ...event.data, grantedBy: actor, grantedAt: recordedAt }] };
      case 'RoundClosed':
        return { ...round, status: 'closed' };
      case 'RoundMigrated': {
        const { from, to, charter } = event.data;
        // A round that has been moved on already is left where it is by a migration of cases that were left behind.
        if (from.version !== round.definition.version) return round;
        return { ...round, definition: to, ...(charter === undefined ? {} : { charter }) };
      }
    }
  },
});

function opened(round: RoundState): Round {
  if (round.status === 'none') throw refused('round.not-found', 'There is no such round.', '没有该轮次。');
  return round;
}

function known(state: RoundState): Round {
  const round = opened(state);
  if (round.status === 'closed') throw refused('round.closed', 'This round takes no more applications.', '该轮次已停止受理。');
  return round;
}

interface Opening extends DecisionContext {
  readonly contexts: ContextsKnown;
}

function open(data: OpenRound, round: RoundState, context: Opening): readonly RoundEvent[] {
  const { alliance, id, now, consulted } = context;
  if (round.status !== 'none') throw refused('round.already-opened', 'This round has been opened.', '该轮次已经启动。');
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id.slice(alliance.length + 1))) throw badSlug();
  const adopted = consulted<DefinitionHistory>(definitionStream(alliance, data.definition.id)).versions[data.definition.version];
  if (adopted === undefined) throw notAdopted(data.definition);
  const charter = consulted<CharterInForce>(charterStream(alliance));
  mustBeLawful(adopted.definition, charter, context);
  const { hash } = adopted;
  const definition = counting(adopted.definition, announcedIn(context).years);
  const opensAt = instant(Date.parse(data.opensAt));
  const closesAt =
    data.closesAt === undefined
      ? deadline(definition, Date.parse(opensAt), definition.round.submission.workingDays)
      : instant(Date.parse(data.closesAt));
  if (Date.parse(closesAt) <= Math.max(Date.parse(opensAt), now)) throw badWindow(opensAt, closesAt);
  const { en, zh } = data.title;
  return [
    {
      type: 'RoundOpened',
      data: {
        definition: { id: definition.id, version: definition.version, hash },
        charter: charter.version,
        title: { en, zh },
        opensAt,
        closesAt,
        zone: definition.round.zone,
        seed: data.seed,
        ...(hidesApplicants(definition) ? { addressKey: context.newId('addresses') } : {}),
        ...quotasFrom(data.quotas, definition, context),
        ...datesFrom(data.dates, definition),
      },
    },
  ];
}

/** It was, when it was adopted; the charter may have been amended since. Who sits where may change while the round is open. */
function mustBeLawful(definition: Definition, charter: CharterInForce, { contexts }: Opening): void {
  if (charter.version === 0) return;
  const faults = checkUnderCharter(definition, charterGiven(charter), contexts).filter((found) => !isRemark(found));
  if (faults.length === 0) return;
  const { version } = definition;
  throw refused(
    'round.definition-unlawful',
    `Version ${charter.version} of the charter no longer allows version ${version} of this workflow. Adopt a version that it allows, or amend the charter. ${said(faults).en}`,
    `第 ${charter.version} 版章程已不允许按该工作流第 ${version} 版启动轮次，请先通过符合现行章程的新版本，或修订章程。${said(faults).zh}`,
    { faults },
  );
}

/** As the notice gives them, each for a stage that ranks, in whole places, for values that the fact may have. */
function quotasFrom(given: OpenRound['quotas'], definition: Definition, context: DecisionContext): Pick<Round, 'quotas'> {
  if (given === undefined) return {};
  const isSound = ({ stage, quotas }: QuotasGiven): boolean =>
    definition.stages.some(({ id, kind }) => id === stage && kind === 'ranking') &&
    quotas.every(({ places }) => Object.values(places ?? {}).every((count) => Number.isSafeInteger(count) && count >= 0));
  const bad = given.find((one, index) => !isSound(one) || given.findIndex(({ stage }) => stage === one.stage) !== index);
  if (bad !== undefined) throw badQuotas(bad.stage);
  const faults = given.flatMap(({ stage, quotas }, index) =>
    quotaFindings(definition, { id: stage, quotas }, `/quotas/${index}/quotas`),
  );
  if (faults.length > 0) throw unfitQuotas(faults);
  const strangers = institutionsIn(given).filter((code) => isStranger(code, context));
  if (strangers.length > 0) throw strangeInstitutions(strangers);
  const copy = ({ by, each, places, through }: QuotaGiven) => ({
    ...(by === undefined ? {} : { by }),
    ...(each === undefined ? {} : { each }),
    ...(places === undefined ? {} : { places }),
    ...(through === undefined ? {} : { through }),
  });
  return { quotas: Object.fromEntries(given.map(({ stage, quotas }) => [stage, quotas.map(copy)])) };
}

/** The institutions that quotas name. */
const institutionsIn = (given: OpenRound['quotas'] = []): readonly string[] => [
  ...new Set(
    given.flatMap(({ quotas }) =>
      quotas.flatMap(({ by, places = {} }) =>
        by === 'institution.code' ? Object.keys(places).filter((code) => institutionCode.test(code)) : [],
      ),
    ),
  ),
];

const isStranger = (institution: string, { alliance, consulted }: DecisionContext): boolean =>
  consulted<{ readonly facts?: unknown }>(institutionStream(alliance, institution)).facts === undefined;

const badQuotas = (stage: string) =>
  refused(
    'round.bad-quotas',
    `Give the quotas of “${stage}” once, for a stage that ranks, as whole numbers of places, none of them negative.`,
    `“${stage}”的名额须针对排序环节、只给一次，并为非负整数。`,
    { stage },
  );

const unfitQuotas = (faults: readonly Finding[]) => refused('round.bad-quotas', said(faults).en, said(faults).zh, { faults });

const strangeInstitutions = (institutions: readonly string[]) =>
  refused(
    'round.unknown-institutions',
    `These quotas name institutions that the alliance does not know: ${institutions.join(', ')}. Register them first, or correct their codes.`,
    `名额所列院校尚未在本联盟登记：${institutions.join('、')}。请先登记，或更正代码。`,
    { institutions },
  );

/** As the notice gives them: days that the definition names. */
function datesFrom(given: OpenRound['dates'], { round: { dates = [] } }: Definition): Pick<Round, 'dates'> {
  if (given === undefined) return {};
  const bad = Object.entries(given).find(([id, date]) => !dates.some((known) => known.id === id) || !isDay(date));
  if (bad !== undefined) throw badDate(bad[0], dates);
  return { dates: { ...given } };
}

const badDate = (id: string, dates: NonNullable<Definition['round']['dates']>) =>
  refused(
    'round.bad-date',
    `“${id}” is no day of this workflow, or not a date like 2026-01-31. It has: ${dates.map((known) => known.id).join(', ')}.`,
    `“${id}”不是该工作流的日期，或不是 2026-01-31 这样的日期。可设：${dates.map((known) => known.id).join('、')}。`,
    { id },
  );

const badSlug = () =>
  refused(
    'round.bad-address',
    'The address of a round is 1 to 40 lower-case letters, digits and dashes, like spring-2026.',
    '轮次标识为 1 至 40 个小写字母、数字或连字符，例如 spring-2026。',
  );

const notAdopted = ({ id, version }: OpenRound['definition']) =>
  refused(
    'round.definition-not-adopted',
    `The alliance has not adopted version ${version} of the workflow "${id}". Adopt it first.`,
    `联盟尚未通过工作流“${id}”第 ${version} 版，请先通过。`,
    { id, version },
  );

const badWindow = (opensAt: string, closesAt: string) =>
  refused(
    'round.bad-window',
    'A round must close after it opens, and in the future.',
    '轮次的截止时间须晚于开始时间和当前时间。',
    {
      opensAt,
      closesAt,
    },
  );

function extend({ institution, until, reason }: GrantExtension, round: Round, context: DecisionContext): readonly RoundEvent[] {
  const { now, alliance, consulted } = context;
  // The round would stay open for nobody.
  if (isStranger(institution, context)) throw strangeApplicant(institution);
  const before = deadlineFor(round, institution);
  if (Date.parse(until) <= Math.max(Date.parse(before), now)) {
    throw refused(
      'round.no-extension',
      `An extension must end after the applicant's present deadline, ${before}, and in the future.`,
      `延期须晚于该申报单位现有截止时间 ${before} 和当前时间。`,
      { institution, before },
    );
  }
  const history = consulted<DefinitionHistory>(definitionStream(alliance, round.definition.id));
  const definition = counting(pinnedDefinition(history, round.definition), announcedIn(context).years);
  const granted = round.extensions.filter((one) => one.institution === institution).length;
  const limit = beyondLimit(definition, definition.round.submission.extension, { before: granted, dueAt: before, until });
  if (limit !== undefined) throw tooFar(limit, institution);
  return [{ type: 'ExtensionGranted', data: { institution, until: instant(Date.parse(until)), reason } }];
}

const strangeApplicant = (institution: string) =>
  refused(
    'round.unknown-institutions',
    `The alliance knows no institution ${institution}. Register it first, or correct its code.`,
    `院校 ${institution} 尚未在本联盟登记。请先登记，或更正代码。`,
    { institutions: [institution] },
  );

const tooFar = (limit: NonNullable<ReturnType<typeof beyondLimit>>, institution: string) =>
  'times' in limit
    ? refused(
        'round.no-more-extensions',
        `An applicant is given longer ${limit.times} times in a round, and this one has been.`,
        `每轮每个申报单位最多延期 ${limit.times} 次，该单位次数已满。`,
        { institution, ...limit },
      )
    : refused(
        'round.extension-too-long',
        `The workflow lets this deadline be put off until ${limit.last} at the most.`,
        `按流程规定，该期限最多可延长至 ${limit.last}。`,
        { institution, ...limit },
      );

/** The last instant at which an application of anyone may still arrive has passed. */
export const lastDeadline = ({ closesAt, extensions }: Round): string =>
  [closesAt, ...extensions.map(({ until }) => until)].reduce((last, at) => (Date.parse(at) > Date.parse(last) ? at : last));

function close(round: Round, { now }: DecisionContext): readonly RoundEvent[] {
  const last = lastDeadline(round);
  if (now < Date.parse(last)) {
    throw refused('round.too-early', `Applications may arrive until ${last}.`, `申报受理至 ${last}。`, { last });
  }
  return [{ type: 'RoundClosed', data: { closedAt: instant(now) } }];
}
