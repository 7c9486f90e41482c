import type { Text } from '#kernel';
import { provinces } from './provinces.js';

/** A value that a term may name: by its code, or by any of its names. */
export interface Named {
  readonly code: string;
  readonly names: readonly string[];
}

/** Values that depend on the alliance: what its workflows and rounds are called. */
export interface Lexicon {
  /** How far the alliance's clocks are from UTC, east positive: days are its own. */
  readonly utcOffsetMinutes: number;
  readonly stages: readonly Named[];
  readonly kinds: readonly Named[];
  readonly rounds: readonly Named[];
}

/**
 * A term of the search language. `sql` speaks of the row `c` and is a constant of this file: nothing that anyone types becomes part of it.
 *
 * `seenBy` says who may search by it: everyone who may know of the case; all but its blind reviewers; or only who runs the round.
 * For anyone else a case matches neither the term nor its negation.
 */
export interface SearchTerm {
  readonly name: string;
  readonly zh: readonly string[];
  readonly kind: 'choice' | 'choices' | 'institution' | 'number' | 'day' | 'yes-no';
  readonly sql: string;
  readonly seenBy: 'all' | 'not-blind' | 'keeper';
  readonly values?: 'stages' | 'kinds' | 'rounds' | readonly Named[];
  readonly about: Text;
  readonly example: string;
}

const named = (code: string, ...names: readonly string[]): Named => ({ code, names });
const provinceNames: readonly Named[] = Object.entries(provinces).map(([code, { en, zh }]) => named(code, zh, en));

const due = "(case when c.status = 'open' then c.seen_due_at end)";

/** The whole language: the parser, the SQL, the reference and the console's help read this table. */
export const searchTerms: readonly SearchTerm[] = [
  {
    name: 'stage',
    zh: ['环节', '阶段'],
    kind: 'choices',
    sql: '(c.stages || c.stage_kinds)',
    seenBy: 'all',
    values: 'stages',
    about: {
      en: 'the stage that it is at, by name or kind (`panel`), or its end',
      zh: '所在环节的名称或类型（`panel`），或办结结果',
    },
    example: 'stage:panel',
  },
  {
    name: 'status',
    zh: ['状态'],
    kind: 'choice',
    sql: 'c.status',
    seenBy: 'all',
    values: [named('open', '办理中'), named('ended', '已办结')],
    about: { en: 'under way or ended', zh: '办理中或已办结' },
    example: 'status:open',
  },
  {
    name: 'outcome',
    zh: ['结果'],
    kind: 'choice',
    sql: 'c.outcome',
    seenBy: 'all',
    values: [named('granted', '通过', '认定'), named('refused', '不通过', '未通过'), named('withdrawn', '撤回')],
    about: { en: 'what it came to', zh: '办结结果的类别' },
    example: 'outcome:granted,refused',
  },
  {
    name: 'round',
    zh: ['轮次'],
    kind: 'choice',
    sql: 'c.round',
    seenBy: 'all',
    values: 'rounds',
    about: { en: 'its round', zh: '所属轮次' },
    example: 'round:2026-spring',
  },
  {
    name: 'kind',
    zh: ['类别', '类型'],
    kind: 'choice',
    sql: 'c.kind',
    seenBy: 'all',
    values: 'kinds',
    about: { en: 'the kind that its form names', zh: '申报类别' },
    example: 'kind:online',
  },
  {
    name: 'province',
    zh: ['省份', '省'],
    kind: 'choice',
    sql: 'c.province',
    seenBy: 'not-blind',
    values: provinceNames,
    about: { en: "the applicant's province", zh: '申报单位所在省份' },
    example: 'province:广东,湖南',
  },
  {
    name: 'institution',
    zh: ['院校', '学校', '单位'],
    kind: 'institution',
    sql: 'c.institution',
    seenBy: 'not-blind',
    about: {
      en: 'the applicant: its code, the last five digits of it, or part of its name',
      zh: '申报单位：标识码、其后五位或名称的一部分',
    },
    example: 'institution:10558',
  },
  {
    name: 'submitted',
    zh: ['提交', '申报日期'],
    kind: 'day',
    sql: 'c.submitted_at',
    seenBy: 'all',
    about: { en: 'the day it was submitted', zh: '提交申报的日期' },
    example: 'submitted>=2026-04-01',
  },
  {
    name: 'due',
    zh: ['期限', '截止'],
    kind: 'day',
    sql: due,
    seenBy: 'all',
    about: {
      en: 'the day on which the first thing is due that it waits for; who runs the round finds reviews, votes and rulings too',
      zh: '最先到期的待办事项的期限；轮次管理者检索时包括评审、表决和裁定',
    },
    example: 'due<2026-12-01',
  },
  {
    name: 'overdue',
    zh: ['逾期'],
    kind: 'yes-no',
    sql: `${due} < $now`,
    seenBy: 'all',
    about: { en: 'whether that is late: a review is, once it was reported', zh: '上述期限是否已过；评审自逾期上报之日起算' },
    example: 'overdue:yes',
  },
  {
    name: 'mine',
    zh: ['我的待办', '待我办理'],
    kind: 'yes-no',
    sql: 'exists (select 1 from $schema.task t where t.case_id = c.id and t.holder = any($2::text[]))',
    seenBy: 'all',
    about: { en: 'whether it waits for you', zh: '是否待您办理' },
    example: 'mine:yes',
  },
  {
    name: 'returned',
    zh: ['退回', '退回次数'],
    kind: 'number',
    sql: 'c.returned',
    seenBy: 'keeper',
    about: { en: 'how often it was returned for correction', zh: '退回补正的次数' },
    example: 'returned>0',
  },
  {
    name: 'reviews',
    zh: ['评审数', '已评'],
    kind: 'number',
    sql: 'c.reviews',
    seenBy: 'keeper',
    about: { en: 'reviews handed in that count', zh: '已提交且计入的评审数' },
    example: 'reviews<3',
  },
  {
    name: 'reviewers',
    zh: ['专家数'],
    kind: 'number',
    sql: 'c.reviewers',
    seenBy: 'keeper',
    about: { en: 'reviewers on the panel now', zh: '当前评审组的专家数' },
    example: 'reviewers<5',
  },
  {
    name: 'unassigned',
    zh: ['待指派'],
    kind: 'yes-no',
    sql: 'c.unassigned',
    seenBy: 'keeper',
    about: { en: 'whether its panel lacks reviewers', zh: '评审专家是否未配足' },
    example: 'unassigned:yes',
  },
  {
    name: 'votes',
    zh: ['票数'],
    kind: 'number',
    sql: 'c.votes',
    seenBy: 'keeper',
    about: { en: 'votes in the open sitting', zh: '当前表决已投票数' },
    example: 'votes<8',
  },
  {
    name: 'inquorate',
    zh: ['未达法定人数'],
    kind: 'yes-no',
    sql: 'c.inquorate',
    seenBy: 'keeper',
    about: { en: 'whether its ballot had no quorum and must be convened again', zh: '表决是否未达法定人数、待重新召集' },
    example: 'inquorate:yes',
  },
  {
    name: 'objections',
    zh: ['异议数', '异议'],
    kind: 'number',
    sql: 'c.objections',
    seenBy: 'keeper',
    about: { en: 'objections raised', zh: '提出的异议数' },
    example: 'objections>0',
  },
  {
    name: 'objected',
    zh: ['异议待裁'],
    kind: 'yes-no',
    sql: 'c.objected',
    seenBy: 'keeper',
    about: { en: 'whether an objection waits to be ruled on', zh: '是否有异议待裁定' },
    example: 'objected:yes',
  },
];

const byName = new Map(searchTerms.flatMap((term) => [term.name, ...term.zh].map((name) => [name, term] as const)));

/** The term of a name in either language. */
export const termNamed = (name: string): SearchTerm | undefined => byName.get(name.toLowerCase());
