import type { Comparison, Explanation } from '../case.events.js';
import { caseAddress, entryOf, type RankingVisit } from '../case.state.js';
import type { RankingStage } from '../definition.js';
import { compare, type Fraction } from '../fraction.js';
import { placingOf } from '../ranking/placing.js';
import { rankingStream, type RankingState } from '../ranking/ranking.state.js';
import type { CasePlaced } from '../ranking/stage.messages.js';
import { notThisAct, place, type StageKind } from './stage.js';

type Placed = NonNullable<RankingVisit['placed']>;

const workingDays = { $ref: '#/$defs/workingDays' };
const fact = { type: 'string', pattern: '^(form|subject|institution)\\.[A-Za-z0-9]+$' };
const object = (required: readonly string[], properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
const places = whole(0, 1_000_000);
const name = { $ref: '#/$defs/name' };

/** Every case of the round waits for all; then they are ordered and places are given. The order itself stands in the ranking's own stream. */
export const ranking: StageKind<RankingStage, RankingVisit> = {
  kind: 'ranking',
  irrevocable: true,
  schema: {
    required: ['scores', 'by', 'normalisation', 'quotas', 'ties'],
    properties: {
      scores: name,
      by: { enum: ['raw', 'normalised'] },
      normalisation: object(['shrinkage', 'outlier'], { shrinkage: whole(1, 1000), outlier: whole(1, 100) }),
      groups: fact,
      quotas: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: object([], { by: fact, each: places, places: { type: 'object', additionalProperties: places }, through: name }),
      },
      ties: {
        oneOf: [
          object(['rule'], { rule: { enum: ['extend', 'exclude'] } }),
          object(['rule', 'criteria'], {
            rule: { const: 'criteria' },
            criteria: { type: 'array', minItems: 1, maxItems: 50, uniqueItems: true, items: name },
          }),
          object(['rule', 'power', 'workingDays'], { rule: { const: 'organ' }, power: { $ref: '#/$defs/power' }, workingDays }),
        ],
      },
      atLeast: whole(0, 100),
      reserve: object(['length', 'workingDays'], { length: whole(1, 100), workingDays }),
    },
  },
  outcomes: ['selected', 'not-selected'],
  commands: ['PlaceCase'],
  powers: ({ power, ties }) => (ties.rule === 'organ' ? [power, ties.power] : [power]),
  judges: ({ ties }) => (ties.rule === 'organ' ? [ties.power] : []),
  owner: () => ({ power: 'operate-workflow' }),
  seats: () => [],
  reads: ({ id }, { round }, { alliance }) => [rankingStream(alliance, round, id)],

  enter: () => ({}),
  begin: ({ stage, visit }, enteredAt) => ({ kind: 'ranking', stage, visit, enteredAt, overdue: [] }),

  decide(command, at, { alliance, id, consulted }) {
    if (command.type !== 'PlaceCase') throw notThisAct(at);
    const { round, entry } = caseAddress(alliance, id);
    const state = consulted<RankingState>(rankingStream(alliance, round, at.stage.id));
    const placed = placingOf(state, entry, at.visit.visit);
    if (placed === undefined || placed.result === at.visit.placed?.result) return { events: [] };
    const event = { type: 'CasePlaced', data: { ...place(at), ...placed } } as const;
    return placed.result === 'selected' || placed.result === 'not-selected'
      ? { events: [event], outcome: placed.result }
      : { events: [event] };
  },

  evolve(visit, event) {
    if (event.type !== 'CasePlaced') return visit;
    const { stage: _stage, visit: _visit, ...placed } = event.data;
    return { ...visit, placed, ...(placed.until === undefined ? {} : { dueAt: placed.until }) };
  },

  effects({ stage, case: { round } }, event, recorded) {
    if (event.type !== 'StageEntered') return [];
    const id = `${recorded.meta.alliance}.${round}.${stage.id}`;
    const data = { subject: entryOf(recorded) };
    return [{ name: 'report', command: { context: 'ranking', id, type: 'ReportStanding', data } }];
  },

  settled: () => undefined,
  explain: ({ stage, visit }) => explained(stage, visit.placed),

  draw: ({ title, power, reserve }) => ({
    shape: 'wait',
    label: title,
    owner: power,
    edge:
      reserve === undefined
        ? []
        : [
            {
              kind: 'timer',
              label: {
                en: `reserve list ends after ${reserve.workingDays} working days`,
                zh: `候补名单 ${reserve.workingDays} 个工作日后失效`,
              },
            },
          ],
  }),

  outline: ({ power, ties }) => ({
    outcomes: ['selected', 'not-selected'],
    automatic: ['selected', 'not-selected'],
    waits: ties.rule === 'organ' ? [{ at: '/ties/workingDays', workingDays: ties.workingDays }] : [],
    powers: [
      { power, at: '/power', part: 'keeps' },
      ...(ties.rule === 'organ' ? [{ power: ties.power, at: '/ties/power', part: 'orders' } as const] : []),
    ],
    benches: [],
  }),
};

/** A score as people read it; the exact one stands beside it. */
export const shownScore = ([numerator, denominator]: Fraction): string =>
  String(Math.round((numerator / denominator) * 100) / 100);

const scoreOf = ({ by, raw, normalised }: Placed): Fraction | undefined => (by === 'raw' ? raw : normalised);

function explained(stage: RankingStage, placed: Placed | undefined): Explanation {
  if (placed === undefined) {
    return {
      clause: stage.title,
      text: { en: 'Not ranked yet: others of the round are waited for.', zh: '尚未排序：等待本轮其他项目。' },
      inputs: {},
      excluded: [],
      arithmetic: [],
    };
  }
  const { outliers, ...inputs } = placed;
  return {
    clause: stage.title,
    text: sentenceOf(placed),
    inputs: { ...inputs, outliers },
    excluded: [],
    arithmetic: arithmeticOf(placed),
  };
}

function arithmeticOf(placed: Placed): readonly Comparison[] {
  const score = scoreOf(placed);
  if (score === undefined) return [];
  const line = (what: string, required: Fraction): Comparison => ({
    what,
    actual: score,
    relation: '>=',
    required,
    holds: compare(score, required) >= 0,
  });
  const { atLeast, quota } = placed;
  return [
    ...(atLeast === undefined ? [] : [line('at-least', [atLeast, 1])]),
    ...(quota?.cut === undefined ? [] : [line('cut', quota.cut)]),
  ];
}

const tieRules = {
  extend: { en: 'equals at the cut are all selected', zh: '分数线上同分者全部入选' },
  exclude: { en: 'equals at the cut are all left out', zh: '分数线上同分者全部不入选' },
  criteria: { en: 'equals are told apart by further criteria, then by lot', zh: '同分者依次按指定指标、抽签确定先后' },
  organ: { en: 'equals at the cut are put in order by the organ', zh: '分数线上同分者由有关机构确定先后' },
} as const;

/** Where a case stands and why, in a sentence of each language. */
export function sentenceOf(placed: Omit<CasePlaced, 'stage' | 'visit'>): Explanation['text'] {
  const { place: at, of, group, quota, tie, raised, released, kept, result } = placed;
  const score = scoreOf(placed);
  const en = [
    `Place ${at} of ${of}${group === undefined ? '' : ` (${group})`}`,
    ...(score === undefined ? ['no complete review'] : [`score ${shownScore(score)}`]),
    ...(quota === undefined ? [] : [`quota ${quota.places}${quota.value === undefined ? '' : ` (${quota.value})`}`]),
    ...(quota?.kept === undefined ? [] : [`${quota.kept} of them kept for applications that stood still`]),
    ...(quota?.cut === undefined ? [] : [`cut ${shownScore(quota.cut)}`]),
    ...(tie === undefined ? [] : [tieRules[tie].en]),
    ...(kept === undefined ? [] : ['it stood still, and a place was kept for it']),
  ];
  const zh = [
    `第 ${at} 名，共 ${of} 项${group === undefined ? '' : `（${group}）`}`,
    ...(score === undefined ? ['无完整评审'] : [`得分 ${shownScore(score)}`]),
    ...(quota === undefined ? [] : [`名额 ${quota.places}${quota.value === undefined ? '' : `（${quota.value}）`}`]),
    ...(quota?.kept === undefined ? [] : [`其中 ${quota.kept} 个为中止项目保留`]),
    ...(quota?.cut === undefined ? [] : [`分数线 ${shownScore(quota.cut)}`]),
    ...(tie === undefined ? [] : [tieRules[tie].zh]),
    ...(kept === undefined ? [] : ['中止期间已为其保留名额']),
  ];
  const verdict = verdicts[raised === true && result === 'selected' ? 'raised' : released === true ? 'released' : result];
  return { en: `${en.join(', ')}: ${verdict.en}.`, zh: `${zh.join('，')}：${verdict.zh}。` };
}

const verdicts = {
  selected: { en: 'selected', zh: '入选' },
  raised: { en: 'selected from the reserve list', zh: '由候补递补入选' },
  released: { en: 'not selected; the reserve list has ended', zh: '候补名单已失效，未入选' },
  reserve: { en: 'on the reserve list', zh: '列入候补' },
  'not-selected': { en: 'not selected', zh: '未入选' },
  tied: { en: 'waits for the organ to put equals in order', zh: '同分，待有关机构确定先后' },
} as const;
