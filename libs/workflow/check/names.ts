import { isDay } from '#kernel';
import { type Definition, type Field, type PanelDiscussion, type PanelStage, type Stage, withdrawnEnd } from '../definition.js';
import type { Rubric } from '../rubric.js';
import { kindOf } from '../stages/index.js';
import { type Finding, finding } from './finding.js';

/** Names that point nowhere or are given twice. */
export const nameFindings = (definition: Definition): readonly Finding[] => [
  ...repeated('/stages', definition.stages),
  ...repeated('/subject/fields', definition.subject.fields),
  ...repeated('/subject/files', definition.subject.files),
  ...repeated('/eligibility', definition.eligibility),
  ...repeated('/round/dates', definition.round.dates ?? []),
  ...(definition.round.dates ?? []).flatMap(({ date }, index) =>
    isDay(date) ? [] : [noDay(date, `/round/dates/${index}/date`)],
  ),
  ...definition.subject.fields.flatMap((field, index) => fieldFindings(field, `/subject/fields/${index}`)),
  ...definition.stages.flatMap((stage, index) => targetFindings(definition, stage, `/stages/${index}`)),
  ...definition.stages.flatMap((stage, index) => dutyFindings(definition, stage, `/stages/${index}`)),
  ...endFindings(definition),
];

const noDay = (date: string, path: string): Finding =>
  finding(
    'no-such-day',
    path,
    [`"${date}" is not a day of the calendar.`, `“${date}”不是日历上的日期。`],
    ['Write a day that there is, like 2026-02-28.', '请写存在的日期，例如 2026-02-28。'],
  );

function repeated(path: string, items: readonly { readonly id: string }[], name = 'id'): readonly Finding[] {
  return items.flatMap(({ id }, index) =>
    items.findIndex((item) => item.id === id) === index
      ? []
      : [
          finding(
            'named-twice',
            `${path}/${index}/${name}`,
            [`"${id}" is used twice.`, `“${id}”重复使用。`],
            ['Give one of them another id.', '请为其中之一更换标识。'],
          ),
        ],
  );
}

/** Fields that nobody can fill in, or with two answers that are one. */
function fieldFindings(field: Field, path: string): readonly Finding[] {
  if (field.type === 'choice')
    return repeated(
      `${path}/choices`,
      field.choices.map(({ value: id }) => ({ id })),
      'value',
    );
  if (field.type !== 'integer' || field.min <= field.max) return [];
  return [
    finding(
      'never-true',
      `${path}/min`,
      [`No number is at least ${field.min} and at most ${field.max}.`, `没有不小于 ${field.min} 且不大于 ${field.max} 的数。`],
      ['Let min be no more than max.', '请使 min 不大于 max。'],
    ),
  ];
}

function targetFindings({ stages, ends }: Definition, stage: Stage, path: string): readonly Finding[] {
  const { on, visits } = stage;
  const isStage = (name: string) => stages.some(({ id }) => id === name);
  const isEnd = (name: string) => Object.hasOwn(ends, name);
  const goals = Object.entries(on).flatMap(([outcome, onward]) => [onward].flat().map((to) => ({ outcome, to })));
  const nowhere = goals.flatMap(({ outcome, to }) => {
    if (isStage(to) !== isEnd(to)) return [];
    const text = isStage(to)
      ? ([`"${to}" is both a stage and an end.`, `“${to}”既是环节又是终点。`] as const)
      : ([
          `"${to}" is neither a stage nor an end, so the case would be lost.`,
          `“${to}”既不是环节也不是终点，案件将无处可去。`,
        ] as const);
    return [finding('dead-end', `${path}/on/${outcome}`, text, ['Name exactly one stage or end.', '请写明唯一的环节或终点。'])];
  });
  const beyond =
    visits === undefined || isEnd(visits.then)
      ? []
      : [
          finding(
            'dead-end',
            `${path}/visits/then`,
            [`"${visits.then}" is not an end.`, `“${visits.then}”不是终点。`],
            ['Name the end to which a case goes that has been here often enough.', '请写明到达次数用尽后的终点。'],
          ),
        ];
  const kind = kindOf(stage.kind);
  const { outcomes } = kind.outline(stage);
  const unsaid = (kind.further ?? []).filter((outcome) => outcomes.includes(outcome) && !Object.hasOwn(on, outcome));
  return [...nowhere, ...beyond, ...unsaid.map((outcome) => leadsNowhere(outcome, `${path}/on`))];
}

export const leadsNowhere = (outcome: string, path: string): Finding =>
  finding(
    'dead-end',
    path,
    [`The outcome "${outcome}" leads nowhere.`, `结果“${outcome}”没有去向。`],
    [`Say where it leads: ${outcome}: <stage or end>.`, `请写明其去向：${outcome}: <环节或终点>。`],
  );

/** What a check is to be kept apart from is submitting, or another check. */
function dutyFindings({ stages }: Definition, stage: Stage, path: string): readonly Finding[] {
  if (stage.kind !== 'check') return [];
  return (stage.separation ?? []).flatMap((duty, index) =>
    duty === 'submit' || stages.some(({ id, kind }) => id === duty && kind === 'check' && id !== stage.id)
      ? []
      : [
          finding(
            'unknown-duty',
            `${path}/separation/${index}`,
            [`"${duty}" is neither "submit" nor another check.`, `“${duty}”既不是“submit”，也不是另一个审查环节。`],
            ['Name the duty whose doer must not act here.', '请写明其办理人不得在此办理的职责。'],
          ),
        ],
  );
}

const endFindings = ({ ends }: Definition): readonly Finding[] =>
  ends[withdrawnEnd]?.outcome === 'withdrawn'
    ? []
    : [
        finding(
          'no-withdrawn-end',
          '/ends',
          [
            `The end "${withdrawnEnd}" with outcome "withdrawn" is missing: the applicant may always go home.`,
            `缺少结果为“withdrawn”的终点“${withdrawnEnd}”：申报单位随时可以撤回。`,
          ],
          [
            `Add to ends: ${withdrawnEnd}: { title: { en: Withdrawn, zh: 撤回 }, outcome: withdrawn }.`,
            `请在 ends 中加入：${withdrawnEnd}: { title: { en: Withdrawn, zh: 撤回 }, outcome: withdrawn }。`,
          ],
        ),
      ];

/** Numbers that contradict each other. */
export const numberFindings = ({ stages }: Definition): readonly Finding[] =>
  stages.flatMap((stage, index) => (stage.kind === 'panel' ? panelFindings(stage, `/stages/${index}`) : []));

function panelFindings({ size, minimum, late, rubric, rubrics, discussion }: PanelStage, path: string): readonly Finding[] {
  return [
    ...(discussion === undefined ? [] : discussionFindings(discussion, size, `${path}/discussion`)),
    ...rubricFindings(rubric, `${path}/rubric`),
    ...Object.entries(rubrics?.of ?? {}).flatMap(([value, one]) => rubricFindings(one, `${path}/rubrics/of/${value}`)),
    ...(minimum <= size
      ? []
      : [
          finding(
            'quorum-above-pool',
            `${path}/minimum`,
            [
              `At least ${minimum} of ${size} reviews can never be complete.`,
              `评审共 ${size} 份，不可能至少完成 ${minimum} 份。`,
            ],
            ['Ask for fewer reviews, or for more reviewers.', '请降低最低份数或增加评审人数。'],
          ),
        ]),
    ...(late.remind < late.escalate && late.escalate < late.replace
      ? []
      : [
          finding(
            'dates-out-of-order',
            `${path}/late`,
            ['A reminder comes before a report, and a report before a replacement.', '提醒应早于上报，上报应早于更换。'],
            [
              'Let remind be less than escalate, and escalate less than replace.',
              '请使 remind 小于 escalate，escalate 小于 replace。',
            ],
          ),
        ]),
  ];
}

const discussionFindings = ({ remind, workingDays }: PanelDiscussion, size: number, path: string): readonly Finding[] => [
  ...(size > 1
    ? []
    : [
        finding(
          'discussion-of-one',
          path,
          ['A panel of one reviewer has nobody to discuss with.', '评审组仅一人，无从讨论。'],
          ['Ask for more reviewers, or strike the discussion out.', '请增加评审人数，或删除讨论设置。'],
        ),
      ]),
  ...(remind < workingDays
    ? []
    : [
        finding(
          'dates-out-of-order',
          `${path}/remind`,
          ['A reminder comes before the end of the discussion.', '提醒应早于讨论结束。'],
          ['Let remind be less than workingDays.', '请使 remind 小于 workingDays。'],
        ),
      ]),
];

const rubricFindings = ({ points, criteria, vetoes }: Rubric, path: string): readonly Finding[] => [
  ...repeated(`${path}/criteria`, criteria),
  ...repeated(`${path}/vetoes`, vetoes),
  ...criteria.flatMap(({ essential }, index) =>
    essential === undefined || essential.atLeast <= points
      ? []
      : [
          finding(
            'points-above-scale',
            `${path}/criteria/${index}/essential/atLeast`,
            [`Nobody can give more than ${points} points.`, `评分最高 ${points} 分。`],
            ['Ask for no more points than the rubric has.', '关键指标的最低分不得高于满分。'],
          ),
        ],
  ),
];
