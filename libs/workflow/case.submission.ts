import { type AskingContext, type DecisionContext, notFound, sha256 } from '#kernel';
import { institutionStream } from './applicant.js';
import type { CaseEvent } from './case.events.js';
import type { SubmitApplication } from './case.messages.js';
import { caseAddress, type CaseState } from './case.state.js';
import type { FactValue } from './condition.js';
import { announcedIn, calendarStream } from './calendar/calendar.decider.js';
import { clockAt, counting, instant } from './deadline.js';
import { type Definition, type DefinitionHistory, definitionStream } from './definition.js';
import { pinnedDefinition } from './pinned.js';
import { acceptedApplication } from './form.js';
import { begun } from './passage.js';
import { refused } from './refusal.js';
import { deadlineFor, type Round, roundStream, type RoundState } from './round.state.js';

/** What is needed of the states of institutions and subjects: their facts, once they are registered. */
interface Registered {
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The round, then its definition, then what the definition asks of. */
export function submissionStreams(
  { institution }: SubmitApplication,
  { alliance, id, sentTo = id, loaded, consulted }: AskingContext,
): readonly string[] {
  const { round: slug, entry: applying } = caseAddress(alliance, sentTo);
  const round = roundStream(alliance, slug);
  const first = [round, institutionStream(alliance, institution), calendarStream(alliance)];
  if (!loaded(round)) return first;
  const known = consulted<RoundState>(round);
  if (known.status === 'none') return first;
  const definition = definitionStream(alliance, known.definition.id);
  if (!loaded(definition)) return [...first, definition];
  const { subject } = pinnedDefinition(consulted<DefinitionHistory>(definition), known.definition);
  return [...first, definition, `${subject.context}-${alliance}.${applying}`];
}

/**
 * Opens a case with its receipt.
 *
 * @throws DomainError case.already-submitted, round.*, case.not-open-yet, case.too-late, case.*-unknown, case.incomplete, case.ineligible
 */
export function submit(data: SubmitApplication, state: CaseState, context: DecisionContext): readonly CaseEvent[] {
  if (state.status !== 'none' && state.applicant.institution === data.institution) throw alreadySubmitted(state.number);
  const { alliance, id, sentTo = id, now, consulted, actor } = context;
  const { round: slug, entry: subject } = caseAddress(alliance, sentTo);
  const round = consulted<RoundState>(roundStream(alliance, slug));
  if (round.status === 'none') throw notFound('round');
  const history = consulted<DefinitionHistory>(definitionStream(alliance, round.definition.id));
  const definition = counting(pinnedDefinition(history, round.definition), announcedIn(context).years);
  const closes = inTime(round, definition, data.institution, now);
  const applicant = applicantOf(data.institution, context);
  const about = subjectOf(definition, subject, data.institution, context);
  if (state.status !== 'none') throw alreadySubmitted(state.number);
  const dates = datesOf(round, definition);
  const { form, files, eligibility } = acceptedApplication(definition, data, { applicant, about, dates });
  const opened: CaseEvent = {
    type: 'CaseOpened',
    data: {
      number: numberOf(slug, id),
      round: slug,
      subject,
      definition: round.definition,
      charter: round.charter,
      seed: round.seed,
      submittedAt: instant(now),
      submittedBy: actor,
      deadline: closes,
      extended: closes !== round.closesAt,
      applicant,
      about,
      dates,
      form,
      files,
      eligibility,
    },
  };
  return [opened, ...begun(definition, { visits: [] }, (definition.stages[0] as { id: string }).id, now)];
}

/** The same for the same application everywhere; 48 bits of its address keep numbers of a round apart. */
const numberOf = (round: string, id: string): string => {
  const digits = sha256(id, 'hex').slice(0, 12).toUpperCase();
  return `${round}-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`;
};

/** The first and last day on which applications are taken, in the round's zone, and the days that its notice or the definition names. */
function datesOf(round: Round, { round: { utcOffsetMinutes, dates = [] } }: Definition): Readonly<Record<string, string>> {
  const dayOf = (at: number): string => instant(at + utcOffsetMinutes * 60_000).slice(0, 10);
  return {
    ...Object.fromEntries(dates.map(({ id, date }) => [id, date])),
    ...round.dates,
    opensOn: dayOf(Date.parse(round.opensAt)),
    closesOn: dayOf(Date.parse(round.closesAt) - 1),
  };
}

/** To the millisecond: there is no hidden grace. */
function inTime(round: Round, definition: Definition, institution: string, now: number): string {
  const local = (at: string): string => clockAt(definition, at);
  const closes = deadlineFor(round, institution);
  const details = { opensAt: round.opensAt, closesAt: closes, zone: round.zone, arrivedAt: instant(now) };
  if (round.status === 'closed' || now >= Date.parse(closes)) {
    throw refused(
      'case.too-late',
      `Applications were taken until just before ${closes} (${round.zone}: ${local(closes)}); yours arrived at ${instant(now)}.`,
      `申报截止时间为 ${local(closes)}（${round.zone}），您的申报于 ${local(instant(now))} 到达。`,
      details,
    );
  }
  if (now < Date.parse(round.opensAt)) {
    throw refused(
      'case.not-open-yet',
      `Applications are taken from ${round.opensAt} on (${round.zone}: ${local(round.opensAt)}).`,
      `申报自 ${local(round.opensAt)}（${round.zone}）开始受理。`,
      details,
    );
  }
  return closes;
}

function applicantOf(institution: string, { alliance, consulted }: DecisionContext) {
  const facts = consulted<Registered>(institutionStream(alliance, institution)).facts;
  if (facts === undefined) {
    throw refused(
      'case.institution-unknown',
      `Institution ${institution} is not registered with this alliance. The secretariat registers it.`,
      `院校 ${institution} 尚未在本联盟登记，请联系秘书处登记。`,
      { institution },
    );
  }
  const { province, name, level, supervisor } = facts;
  return {
    institution,
    province: String(province),
    name: String(name),
    level: String(level),
    ...(typeof supervisor === 'string' ? { supervisor } : {}),
  };
}

function subjectOf(
  { subject: { context } }: Definition,
  subject: string,
  institution: string,
  { alliance, consulted }: DecisionContext,
): Readonly<Record<string, FactValue>> {
  const facts = consulted<Registered>(`${context}-${alliance}.${subject}`).facts;
  if (facts?.['institution'] !== institution) {
    throw refused(
      'case.subject-unknown',
      `Nothing is registered under ${subject} for institution ${institution}. Register it first, or apply with your own.`,
      `院校 ${institution} 名下没有登记 ${subject}，请先登记，或以本校项目申报。`,
      { subject, institution },
    );
  }
  const scalars = Object.entries(facts).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(scalars) as Readonly<Record<string, FactValue>>;
}

const alreadySubmitted = (number: string) =>
  refused(
    'case.already-submitted',
    `This was submitted in this round before, as ${number}. Follow that application; a second one is not taken, in whatever kind.`,
    `该项目在本轮已申报，编号 ${number}；同一项目不得重复申报或以其他类别再次申报，请查看原申报。`,
    { first: number },
  );
