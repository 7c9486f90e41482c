import { expect, test } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { recognitionContext } from '#accreditation';
import { courseContext } from '#catalogue';
import { charterContext } from '#charter';
import { type Context, type DecisionContext, DomainError } from '#kernel';
import { membershipContext } from '#membership';
import { institutionContext, organContext } from '#organisation';
import { modelCharter } from '../../apps/server/demonstration.charter.js';

const person = 'person-36b14574-2f89-8c68-8828-77de7f3bec03';
const sealed = { sealed: 'digest', of: person };
const document = modelCharter({ zh: '联盟', en: 'Alliance' });
const short = {
  ...document,
  organs: document.organs.slice(0, 2),
  powers: document.powers.slice(0, 7),
  rules: document.rules.slice(0, 1),
};
const course = {
  title: { zh: '课', en: 'C' },
  kind: 'online',
  discipline: '08',
  credits: 3,
  hours: 48,
  runs: 4,
  platform: 'x',
  leader: person,
  leaderName: '李领',
};
const term = { from: '2026-01-01T00:00:00Z', until: '2028-01-01T00:00:00Z' };
const facts = {
  name: '中山大学',
  nameEn: 'SYSU',
  schoolCode: '10558',
  province: '44',
  supervisor: '教育部',
  city: '广州市',
  level: 'undergraduate',
  remark: '民办',
};

/** One good command of each kind, with every optional field. */
const commands: readonly (readonly [Context, string, Readonly<Record<string, unknown>>])[] = [
  [charterContext, 'AdoptCharter', { document: short }],
  [organContext, 'FillSeat', { person, role: 'chair', ...term, institution: '4144010558' }],
  [organContext, 'EndSeat', { person, reason: '调离' }],
  [institutionContext, 'RegisterInstitution', facts],
  [membershipContext, 'ApplyToJoin', { memberClass: 'ordinary', intent: '愿意' }],
  [membershipContext, 'SuspendMember', { clause: '2.3', reason: '违约' }],
  [courseContext, 'RegisterCourse', { ...course, institution: '4144010558', onlineHours: 8, practiceHours: 8 }],
  [courseContext, 'CorrectCourse', course],
  [recognitionContext, 'GrantRecognition', { case: 'case-a.r.1', round: 'r', number: 'A-1', from: '2026-03-02', years: 5 }],
  [recognitionContext, 'WithdrawRecognition', { clause: '5.1', reason: '停更' }],
];

const nonsense: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  1.5,
  '',
  'x',
  'x'.repeat(20_000),
  [],
  {},
  [null],
  [[]],
  ['x'],
  [{}],
  { zh: [] },
];

/** The data with one place of it, at any depth, replaced. */
function* spoilt(value: unknown): Generator<unknown> {
  yield* nonsense;
  if (Array.isArray(value)) {
    for (const index of value.slice(0, 2).keys()) for (const part of spoilt(value[index])) yield value.with(index, part);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) for (const part of spoilt(inner)) yield { ...value, [name]: part };
  }
}

const passes = ({ shapes }: Context, type: string, data: unknown): boolean =>
  validateSync(plainToInstance(shapes[type] as new () => object, data), { whitelist: true, forbidNonWhitelisted: true })
    .length === 0;

const surroundings: DecisionContext = {
  now: Date.parse('2026-03-02T01:00:00.000Z'),
  alliance: 'a',
  id: 'a.committee',
  actor: 'operator',
  grant: { power: 'any', charter: 1, organ: 'any', proof: [] },
  newId: (name) => name,
  lengthOf: () => 0,
  consulted: <T>(stream: string): T =>
    (stream.startsWith('charter-')
      ? { organs: { committee: { scope: 'alliance', seats: { filledBy: 'x', termYears: 4 } } } }
      : { facts: {} }) as T,
};

/** As command handling does before a rule sees it. */
function sealing(data: unknown): unknown {
  const given = data as Readonly<Record<string, unknown>>;
  const personal = ['reason', 'intent', 'leaderName'].filter((name) => given[name] !== undefined);
  return { ...given, ...Object.fromEntries(personal.map((name) => [name, sealed])) };
}

test.each(commands.map(([context, type, data]) => ({ name: `${context.name} ${type}`, context, type, data })))(
  'nothing that the shape of $name lets through makes the rule stumble',
  ({ context, type, data }) => {
    expect(passes(context, type, data)).toBe(true);
    let refused = 0;
    for (const bad of spoilt(data)) {
      if (typeof bad !== 'object' || bad === null || Array.isArray(bad)) continue;
      if (!passes(context, type, bad)) refused += 1;
      else decide(context, type, bad);
    }
    expect(refused).toBeGreaterThan(Object.keys(data).length * 5);
  },
);

interface Rule {
  readonly initialState: unknown;
  readonly decide: (command: unknown, state: unknown, context: DecisionContext) => readonly unknown[];
}

function decide({ decider }: Context, type: string, data: unknown): void {
  const rule = decider as unknown as Rule;
  try {
    rule.decide({ type, data: sealing(data) }, rule.initialState, surroundings);
  } catch (failure) {
    if (!(failure instanceof DomainError))
      throw new Error(`${type} stumbles over ${JSON.stringify(data).slice(0, 500)}`, { cause: failure });
  }
}
