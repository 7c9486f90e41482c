import { type Decider, type DecisionContext, DomainError, refuseAlone, sealed } from '#kernel';
import type { GrantRecognition, RecognitionCommand, RecognitionEvent, RecognitionGranted } from './accreditation.messages.js';

/** The recognitions of one course: `recognition-<alliance>.<uuid of the course>`. */
export interface Recognition {
  readonly numbers: readonly string[];
  /** The latest one; undefined before the first. */
  readonly latest?: RecognitionGranted & { readonly withdrawn: boolean };
}

/** Of recognitions that name no other. */
const usualZone = 'Asia/Shanghai';

/** The date there, `YYYY-MM-DD`: the order in which Swedes write it. */
export const dayIn = (now: number, zone = usualZone): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now);

/** The round that a case was conducted in; undefined where another alliance's is named. */
function roundStreamOf(named: string, alliance: string): string | undefined {
  const own = `case-${alliance}.`;
  return named.startsWith(own) ? `round-${alliance}.${named.slice(own.length).split('.', 1)[0]}` : undefined;
}

/** The zone by which the rules of that round count; undefined for the usual one, and for what was decided without a round. */
function zoneOf({ case: named }: GrantRecognition, { alliance, consulted }: DecisionContext): string | undefined {
  const stream = roundStreamOf(named, alliance);
  const zone = stream === undefined ? undefined : consulted<{ readonly zone?: string }>(stream).zone;
  return zone === usualZone ? undefined : zone;
}

const inForce = ({ latest }: Recognition, today: string): boolean =>
  latest !== undefined && !latest.withdrawn && today < latest.until;

export const recognitionDecider: Decider<RecognitionCommand, RecognitionEvent, Recognition> = {
  category: 'recognition',
  parts: 2,
  permits: { GrantRecognition: 'recognise-course', WithdrawRecognition: 'withdraw-recognition' },
  initialState: { numbers: [] },

  consults(command, _recognition, { alliance }) {
    const round = command.type === 'GrantRecognition' ? roundStreamOf(command.data.case, alliance) : undefined;
    return round === undefined ? [] : [round];
  },

  decide(command, recognition, context) {
    refuseAlone(context);
    switch (command.type) {
      case 'GrantRecognition':
        return granted(command.data, recognition, context);
      case 'WithdrawRecognition': {
        const { latest } = recognition;
        if (latest === undefined || !inForce(recognition, dayIn(context.now, latest.zone))) throw nothingInForce();
        const { clause, reason } = command.data;
        const { number, zone } = latest;
        const data = { number, clause, reason: sealed(reason), ...(zone === undefined ? {} : { zone }) };
        return [{ type: 'RecognitionWithdrawn', data }];
      }
    }
  },

  evolve({ numbers, latest }, event) {
    switch (event.type) {
      case 'RecognitionGranted':
        return { numbers: [...numbers, event.data.number], latest: { ...event.data, withdrawn: false } };
      case 'RecognitionWithdrawn':
        return latest === undefined ? { numbers } : { numbers, latest: { ...latest, withdrawn: true } };
    }
  },
};

function granted(asked: GrantRecognition, recognition: Recognition, context: DecisionContext): readonly RecognitionEvent[] {
  const { latest } = recognition;
  if (latest?.case === asked.case) return [];
  if (latest !== undefined && inForce(recognition, dayIn(context.now, latest.zone))) throw alreadyRecognised(latest);
  const zone = zoneOf(asked, context);
  const today = dayIn(context.now, zone);
  const from = asked.from ?? today;
  const number = asked.number ?? numberOf(context, from);
  if (recognition.numbers.includes(number)) throw numberTaken(number);
  return [
    {
      type: 'RecognitionGranted',
      data: {
        case: asked.case,
        ...(asked.round === undefined ? {} : { round: asked.round }),
        number,
        from,
        until: yearsLater(from, asked.years ?? 5),
        ...(zone === undefined ? {} : { zone }),
      },
    },
  ];
}

/** No other course is looked at: of sixty bits, no two of an alliance's certificates meet. */
const numberOf = ({ alliance, newId }: DecisionContext, from: string): string =>
  `${alliance.toUpperCase()}-${from.slice(0, 4)}-${newId('number').replaceAll('-', '').slice(-15).toUpperCase()}`;

function yearsLater(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || dateOf(date) !== day) {
    throw new DomainError('recognition.no-such-day', { en: `${day} is not a day of the calendar.`, zh: `${day} 不是有效日期。` });
  }
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return dateOf(date);
}

const dateOf = (date: Date): string => date.toISOString().slice(0, 10);

const alreadyRecognised = ({ number, until }: RecognitionGranted): DomainError =>
  new DomainError(
    'recognition.in-force',
    {
      en: `This course is recognised already, under ${number} until ${until}.`,
      zh: `该课程已获认定（编号 ${number}，有效期至 ${until}）。`,
    },
    { number, until },
  );

const numberTaken = (number: string): DomainError =>
  new DomainError(
    'recognition.number-taken',
    {
      en: `${number} stands on an earlier certificate of this course; give another number.`,
      zh: `编号 ${number} 已用于该课程先前的证书，请另行编号。`,
    },
    { number },
  );

const nothingInForce = (): DomainError =>
  new DomainError('recognition.none-in-force', {
    en: 'This course has no recognition in force that could be withdrawn.',
    zh: '该课程没有可以撤销的有效认定。',
  });
