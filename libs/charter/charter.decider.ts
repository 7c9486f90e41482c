import {
  canonicalJson,
  type CharterHistory,
  type CharterInForce,
  type DecisionRule,
  type Decider,
  DomainError,
  engineOrgan,
  type OrganClause,
  type PowerClause,
  publicOrgan,
  refuseAlone,
  sha256,
  type Text,
} from '#kernel';
import type {
  CharterCommand,
  CharterDocument,
  CharterEvent,
  PowerArticle,
  RuleArticle,
  SeatsArticle,
} from './charter.messages.js';

/** An organ with the rules for its seats, which `organisation` reads. */
export interface CharterOrgan extends OrganClause {
  readonly seats: SeatsArticle;
}

export interface Charter extends CharterHistory {
  readonly hash: string;
  readonly organs: Readonly<Record<string, CharterOrgan>>;
  /** Working days of notice, by matter. */
  readonly notices: Readonly<Record<string, number>>;
  readonly transition: 'keep' | 'move';
}

export const charterDecider: Decider<CharterCommand, CharterEvent, Charter> = {
  category: 'charter',
  parts: 1,
  permits: {
    AdoptCharter: (_command, charter) => ({ power: charter.version === 0 ? 'found-alliance' : 'amend-charter' }),
  },
  initialState: {
    version: 0,
    adoption: '',
    hash: '',
    organs: {},
    powers: {},
    rules: {},
    notices: {},
    transition: 'keep',
    versions: {},
  },

  decide({ data: { document } }, charter, context) {
    refuseAlone(context);
    const findings = lintCharter(document);
    if (findings.length > 0) throw unsound(findings);
    const hash = sha256(canonicalJson(document));
    if (hash === charter.hash) return [];
    return [{ type: 'CharterAdopted', data: { version: charter.version + 1, hash, document } }];
  },

  foldsFacts: true,
  evolve(charter, { data: { version, hash, document } }, { id }) {
    const inForce = { version, adoption: id, ...clausesOf(document) };
    return {
      ...inForce,
      hash,
      notices: Object.fromEntries(document.notices.map(({ matter, workingDays }) => [matter, workingDays])),
      transition: document.transition,
      versions: { ...charter.versions, [version]: inForce },
    };
  },
};

function unsound(findings: ReturnType<typeof lintCharter>): DomainError {
  return new DomainError(
    'charter.unsound',
    {
      en: `This charter cannot be adopted. ${findings.map(({ text }) => text.en).join(' ')}`,
      zh: `该章程不能通过。${findings.map(({ text }) => text.zh).join('')}`,
    },
    { findings: findings.map(({ code, where }) => ({ code, where })) },
  );
}

type Clauses = Pick<CharterInForce, 'powers' | 'rules'> & Pick<Charter, 'organs'>;

const clausesOf = ({ organs, powers, rules }: CharterDocument): Clauses => ({
  organs: Object.fromEntries(organs.map(({ organ, scope, seats }): [string, CharterOrgan] => [organ, { scope, seats }])),
  powers: Object.fromEntries(powers.map(({ power, ...clause }): [string, PowerClause] => [power, clause])),
  // The linter let no rule through that lacks a quorum base or a tie rule.
  rules: Object.fromEntries(rules.map(({ rule, ...clause }) => [rule, clause as DecisionRule])),
});

/** A fault of a charter, with the article it stands in. */
export interface Finding {
  readonly code:
    | 'languages-differ'
    | 'organ-twice'
    | 'power-twice'
    | 'rule-twice'
    | 'unknown-organ'
    | 'unknown-power'
    | 'unknown-rule'
    | 'no-quorum-base'
    | 'no-tie-rule'
    | 'quorum-above-all'
    | 'proxies-without-meeting'
    | 'nobody-can-fill'
    | 'cannot-be-amended';
  readonly where: string;
  readonly text: Text;
}

const finding = (code: Finding['code'], where: string, en: string, zh: string): Finding => ({ code, where, text: { en, zh } });

/** Every reason why a charter may not be adopted; none for a sound one. Pure. */
export const lintCharter = (document: CharterDocument): readonly Finding[] => [
  ...languages(document),
  ...twice(document),
  ...powers(document),
  ...document.rules.flatMap(rule),
  ...unfillable(document),
  ...amendable(document),
];

const languages = ({ parts }: CharterDocument): readonly Finding[] =>
  Object.entries(parts).flatMap(([part, { zh, en }]) =>
    zh.length === en.length
      ? []
      : [
          finding(
            'languages-differ',
            `parts.${part}`,
            `Part "${part}" has ${zh.length} articles in Chinese and ${en.length} in English; give each article in both.`,
            `“${part}”部分中文 ${zh.length} 条、英文 ${en.length} 条，各条须中英文齐备。`,
          ),
        ],
  );

const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

function twice(document: CharterDocument): readonly Finding[] {
  return [
    ...repeated(document.powers.map(({ power }) => power)).map((power) =>
      finding(
        'power-twice',
        `powers.${power}`,
        `The power "${power}" is given twice; one organ must hold it.`,
        `“${power}”职权被授予两次，只能由一个机构行使。`,
      ),
    ),
    ...repeated(document.organs.map(({ organ }) => organ)).map((organ) =>
      finding('organ-twice', `organs.${organ}`, `The organ "${organ}" is set up twice.`, `机构“${organ}”被设立两次。`),
    ),
    ...repeated(document.rules.map(({ rule: name }) => name)).map((name) =>
      finding('rule-twice', `rules.${name}`, `The rule "${name}" is laid down twice.`, `议事规则“${name}”被规定两次。`),
    ),
  ];
}

function powers(document: CharterDocument): readonly Finding[] {
  const organs = new Set([publicOrgan, engineOrgan, ...document.organs.map(({ organ }) => organ)]);
  const rules = new Set(document.rules.map(({ rule: name }) => name));
  const known = new Set(document.powers.map(({ power }) => power));
  return document.powers.flatMap(({ power, organ, rule: name, appeal }) => [
    ...(organs.has(organ)
      ? []
      : [
          finding(
            'unknown-organ',
            `powers.${power}`,
            `The power "${power}" is given to "${organ}", which this charter does not set up.`,
            `“${power}”职权授予了本章程未设立的机构“${organ}”。`,
          ),
        ]),
    ...(name === undefined || rules.has(name)
      ? []
      : [
          finding(
            'unknown-rule',
            `powers.${power}`,
            `The power "${power}" is decided by the rule "${name}", which this charter does not lay down.`,
            `“${power}”职权适用的议事规则“${name}”在本章程中没有规定。`,
          ),
        ]),
    ...(appeal === undefined || known.has(appeal)
      ? []
      : [
          finding(
            'unknown-power',
            `powers.${power}`,
            `Appeals against what is decided under "${power}" go to the power "${appeal}", which this charter gives to nobody.`,
            `对“${power}”事项的申诉由“${appeal}”职权裁定，而本章程未将其授予任何机构。`,
          ),
        ]),
  ]);
}

function rule({ rule: name, quorum, tie, notice, proxies }: RuleArticle): readonly Finding[] {
  const where = `rules.${name}`;
  return [
    ...(quorum.of === undefined
      ? [
          finding(
            'no-quorum-base',
            where,
            `The rule "${name}" does not say of whom its quorum is counted.`,
            `议事规则“${name}”未写明法定人数的计算基数。`,
          ),
        ]
      : []),
    ...(quorum.atLeast[0] > quorum.atLeast[1]
      ? [
          finding(
            'quorum-above-all',
            where,
            `The rule "${name}" asks for more than everyone.`,
            `议事规则“${name}”要求的法定人数超过全体。`,
          ),
        ]
      : []),
    ...(tie === undefined
      ? [
          finding(
            'no-tie-rule',
            where,
            `The rule "${name}" does not say what a tie means.`,
            `议事规则“${name}”未写明票数相同时如何处理。`,
          ),
        ]
      : []),
    ...(proxies !== undefined && notice === undefined
      ? [
          finding(
            'proxies-without-meeting',
            where,
            `The rule "${name}" allows proxies and no meeting to lodge them for; say how long before a meeting notice is given.`,
            `议事规则“${name}”允许委托表决却未规定会议，请写明会议通知的提前期限。`,
          ),
        ]
      : []),
  ];
}

/** An organ can be filled if the operator, the engine or everyone may fill it, or an organ that can itself be filled. */
function unfillable(document: CharterDocument): readonly Finding[] {
  const holders = new Map(document.powers.map((clause) => [clause.power, clause]));
  const fillable = new Set<string>([publicOrgan, engineOrgan]);
  const reachable = (clause: PowerArticle | undefined): boolean =>
    clause !== undefined && (clause.operator === true || (clause.workflows?.length ?? 0) > 0 || fillable.has(clause.organ));
  for (let before = -1; before < fillable.size;) {
    before = fillable.size;
    for (const { organ, seats } of document.organs) if (reachable(holders.get(seats.filledBy))) fillable.add(organ);
  }
  return document.organs
    .filter(({ organ }) => !fillable.has(organ))
    .map(({ organ, seats }) =>
      finding(
        'nobody-can-fill',
        `organs.${organ}`,
        `Nobody could ever fill the seats of "${organ}": the power "${seats.filledBy}" is in nobody's reach.`,
        `机构“${organ}”的席位无人能够填补：没有任何人能够行使“${seats.filledBy}”职权。`,
      ),
    );
}

const amendable = ({ powers: clauses }: CharterDocument): readonly Finding[] =>
  clauses.some(({ power }) => power === 'amend-charter')
    ? []
    : [
        finding(
          'cannot-be-amended',
          'powers',
          'No organ holds the power "amend-charter", so this charter could never be changed.',
          '没有机构持有“amend-charter”职权，本章程将永远无法修订。',
        ),
      ];
