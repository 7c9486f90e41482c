import type { Definition, Stage } from '../definition.js';
import { leadsTo } from '../ranking/presence.js';
import { procedureOf } from '../subcases/subcase.js';
import type { CharterGiven } from './charter-given.js';
import { type Finding, type FindingCode, finding } from './finding.js';
import { netOf } from './flow.js';
import { play } from './net.js';
import { holdersOf, type Part, powersUsed, type PowerUsed } from './powers.js';

/**
 * What counts as judging one's own act.
 *
 * To judge is to review in a panel, to decide by ballot, to rule on an objection or to put equals in order. An organ judges its own act
 * if it judges an application that it also hands in or that it also passes at a check. A university that endorses what its own office
 * hands in does not judge: that is still applying. An organ that reviews and then decides, or orders equals and then decides, takes one
 * decision in two steps. One that rules on objections to its own ballot reconsiders: a remark, not a refusal. Nor does a party judge
 * that has stated its case.
 */
const judging: readonly { readonly acted: readonly Part[]; readonly judges: readonly Part[]; readonly code: FindingCode }[] = [
  { acted: ['applies', 'checks'], judges: ['reviews', 'decides', 'rules', 'orders'], code: 'judges-own-act' },
  { acted: ['states'], judges: ['reviews', 'decides', 'rules', 'orders'], code: 'judges-own-act' },
  { acted: ['remedies'], judges: ['inspects'], code: 'judges-own-act' },
  { acted: ['decides'], judges: ['rules'], code: 'rules-on-own-decision' },
];

type Held = PowerUsed & { readonly organ: string };

const held = (used: readonly PowerUsed[], charter: CharterGiven): readonly Held[] =>
  used.flatMap((power) => holdersOf(charter, power.power).map((organ) => ({ ...power, organ })));

/** Organs that judge what they have done themselves. */
export function ownActFindings(definition: Definition, charter: CharterGiven): readonly Finding[] {
  const used = held(powersUsed(definition), charter);
  return [...used.flatMap((judge) => judged(judge, used)), ...grantedToOneself(definition, charter)];
}

/** Kinds at which nobody judges. */
const unjudged: ReadonlySet<Stage['kind']> = new Set(['choice', 'notice', 'statement']);

/** Ends that grant and that the applicant's own office can bring about alone. */
function grantedToOneself(definition: Definition, charter: CharterGiven): readonly Finding[] {
  const { subject, stages, ends } = definition;
  const own = holdersOf(charter, subject.powers.submit);
  const isOwn = ({ kind, power, scope }: Stage): boolean =>
    unjudged.has(kind) ||
    (kind === 'check' && scope === 'institution' && holdersOf(charter, power).some((organ) => own.includes(organ)));
  const others = new Set(stages.filter((stage) => !isOwn(stage)).map(({ id }) => id));
  const net = netOf(definition);
  // Whoever wins an appeal has been before others, too.
  const isAlone = (place: string): boolean => !others.has(place) && !net.ends.has(place);
  const alone = play({ ...net, transitions: net.transitions.filter(({ from }) => from.every(isAlone)) });
  return Object.keys(ends).flatMap((end) =>
    ends[end]?.outcome === 'granted' && alone.marked.has(end)
      ? [
          finding(
            'judges-own-act',
            `/ends/${end}`,
            [
              `The applicant's own office can bring a case to "${end}", and nobody else has a say.`,
              `申报单位可自行使案件到达“${end}”，无需其他机构决定。`,
            ],
            ['Let another organ decide before anything is granted.', '请在批准之前设置由其他机构决定的环节。'],
          ),
        ]
      : [],
  );
}

/** Organs that judge in a sub-case what they have done in the case that it is about. */
export function ownActBefore(definition: Definition, name: string, charter: CharterGiven): readonly Finding[] {
  const subcase = definition.subcases?.[name];
  if (subcase === undefined) return [];
  // That an organ applies is found in the sub-case itself. Of one that decided, other people may judge an appeal.
  const counts = ({ part }: Held): boolean => part !== 'applies' && (subcase.kind === 'hearing' || part !== 'decides');
  // Of a decision that is appealed against, only what led to it.
  const isMeant = (id: string): boolean => subcase.kind === 'hearing' || subcase.from.some((end) => leadsTo(definition, id, end));
  const before = { ...definition, stages: definition.stages.filter(({ id }) => isMeant(id)) };
  const acts = held(powersUsed(before), charter).filter(counts);
  const judges = held(powersUsed(procedureOf(definition, name)), charter).filter(({ path }) => path.startsWith('/stages/'));
  return judges.flatMap((judge) => judged(judge, acts)).map((found) => ({ ...found, path: `/subcases/${name}${found.path}` }));
}

function judged(judge: Held, acts: readonly Held[]): readonly Finding[] {
  const isAct =
    (acted: readonly Part[]) =>
    (one: Held): boolean =>
      acted.includes(one.part) && one.organ === judge.organ;
  const rule = judging.find(({ acted, judges }) => judges.includes(judge.part) && acts.some(isAct(acted)));
  const act = rule === undefined ? undefined : acts.find(isAct(rule.acted));
  return rule === undefined || act === undefined ? [] : [ownAct(rule.code, judge, act)];
}

const does: Readonly<Record<Part, readonly [string, string]>> = {
  applies: ['hands in the application', '提交申报'],
  checks: ['passes the application', '审查或推荐申报'],
  reviews: ['reviews the application', '评审该申报'],
  decides: ['decides on the application', '对该申报作出决定'],
  keeps: ['keeps the procedure', '办理程序'],
  objects: ['objects', '提出异议'],
  rules: ['rules on what is objected or appealed', '裁定异议或申诉'],
  orders: ['puts equals in order', '决定并列者的先后'],
  states: ['states its case', '陈述意见'],
  confirms: ['confirms it', '确认该申报'],
  inspects: ['inspects the obligation', '检查义务履行'],
  remedies: ['remedies what was found', '负责整改'],
  registers: ['registers for it', '报名'],
};

const ownAct = (code: FindingCode, judge: PowerUsed & { readonly organ: string }, act: PowerUsed): Finding =>
  finding(
    code,
    judge.path,
    [
      `"${judge.organ}" ${does[act.part][0]} (power "${act.power}") and also ${does[judge.part][0]} (power "${judge.power}"): it would judge its own act.`,
      `“${judge.organ}”既${does[act.part][1]}（“${act.power}”职权），又${does[judge.part][1]}（“${judge.power}”职权），即评判自己的行为。`,
    ],
    ['Let the charter give one of the two powers to another organ.', '请由章程将其中一项职权授予其他机构。'],
  );
