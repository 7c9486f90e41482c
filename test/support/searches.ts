import {
  caseRow,
  type Case,
  type Definition,
  isWalled,
  mayKnow,
  personKey,
  powerKey,
  provinces,
  publicKey,
  standing,
  type Viewer,
} from '#workflow';
import type { Random } from '../faults/support/fuzz/random.js';

/** A case with who looks at it, and when. */
export interface Looking {
  readonly definition: Definition;
  readonly state: Case;
  readonly viewer: Viewer;
  readonly now: Date;
}

/** One term of a search: how it may be written, and what it means. Undefined where the viewer may not know. */
export interface RandomTerm {
  readonly written: string;
  readonly holds: (looking: Looking) => boolean | undefined;
}

export const keysOf = ({ person, powers }: Viewer): readonly string[] => [
  publicKey,
  personKey(person),
  ...powers.flatMap(({ power, scope }) => (scope === undefined ? [powerKey(power)] : [powerKey(power), powerKey(power, scope)])),
];

const dayMs = 86_400_000;
const beijing = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

const compare: Readonly<Record<string, (one: number | string, other: number | string) => boolean>> = {
  ':': (one, other) => one === other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

/** Only who runs the round, and is not there as the applicant, looks into the procedure. */
const keeping = <T>(look: (looking: Looking) => T) => {
  return (looking: Looking): T | undefined =>
    standing(looking.definition, looking.state, looking.viewer) === 'keeper' ? look(looking) : undefined;
};

/** Whose it is, nobody is told who knows of it as a blind reviewer alone. */
const unblinded = <T>(look: (looking: Looking) => T) => {
  return (looking: Looking): T | undefined => {
    const { definition, state, viewer } = looking;
    const isBlind = definition.stages.some((stage) => stage.kind === 'panel' && stage.blind === 'double');
    const otherwise = mayKnow(definition, state, { ...viewer, person: 'nobody' });
    return !isBlind || otherwise ? look(looking) : undefined;
  };
};

const numbers: Readonly<Record<string, (state: Case) => number>> = {
  reviews: ({ visits }) =>
    visits.flatMap((visit) => (visit.kind === 'panel' ? visit.assignments.filter(({ status }) => status === 'submitted') : []))
      .length,
  returned: ({ visits }) => visits.flatMap((visit) => (visit.kind === 'check' ? visit.corrections : [])).length,
  objections: ({ visits }) => visits.flatMap((visit) => (visit.kind === 'publicity' ? visit.objections : [])).length,
};
const numberNames: Readonly<Record<string, string>> = { reviews: '已评', returned: '退回', objections: '异议' };

function numberTerm(random: Random): RandomTerm {
  const name = random.oneOf(Object.keys(numbers));
  const operator = random.oneOf(Object.keys(compare));
  const number = random.below(4);
  const holds = compare[operator] as (one: number, other: number) => boolean;
  return {
    written: `${random.oneOf([name, numberNames[name] ?? name])}${operator}${number}`,
    holds: keeping(({ state }) => holds((numbers[name] as (state: Case) => number)(state), number)),
  };
}

function dayTerm(random: Random, some: Looking): RandomTerm {
  const operator = random.oneOf(Object.keys(compare));
  const isDue = random.chance(0.5);
  const at = isDue ? dueOf(some) : some.state.submittedAt;
  const day = beijing(new Date(Date.parse(at ?? some.state.submittedAt) + (random.below(3) - 1) * dayMs));
  const holds = compare[operator] as (one: string, other: string) => boolean;
  return {
    written: `${random.oneOf(isDue ? ['due', '期限'] : ['submitted', '提交'])}${operator}${day}`,
    holds: (looking) => {
      const own = isDue ? dueOf(looking) : looking.state.submittedAt;
      return own !== undefined && holds(beijing(new Date(own)), day);
    },
  };
}

const dueOf = ({ definition, state, viewer }: Looking): string | undefined => {
  if (state.status !== 'open') return undefined;
  const { dueAt, keptDueAt } = caseRow(definition, state);
  return standing(definition, state, viewer) === 'keeper' ? keptDueAt : dueAt;
};

function provinceTerm(random: Random): RandomTerm {
  const codes = Array.from({ length: 1 + random.below(2) }, () => random.oneOf(['44', '11', '51', '65', '43']));
  const names = codes.map((code) => random.oneOf([code, provinces[code]?.en ?? code, `"${provinces[code]?.zh}"`]));
  return {
    written: `${random.oneOf(['province:', '省份：', 'PROVINCE:'])}${names.join(random.oneOf([',', '，']))}`,
    holds: unblinded(({ state }) => codes.includes(state.applicant.province)),
  };
}

function stageTerm(random: Random, { definition }: Looking): RandomTerm {
  const places = [
    ...definition.stages.map(({ id, title }) => ({ id, title })),
    ...Object.entries(definition.ends).map(([id, { title }]) => ({ id, title })),
  ];
  const chosen = [random.oneOf(places), random.oneOf(places)];
  const named = chosen.map(({ id, title }) => random.oneOf([id, `"${title.zh}"`, `“${title.en.toUpperCase()}”`]));
  const kinds = [random.oneOf(['panel', 'ballot', 'check']), ...named.map((name) => name.replaceAll(/[“”"]/g, '').toLowerCase())];
  const meant = new Set(
    chosen.flatMap(({ id, title }, index) =>
      named[index] === id
        ? [id]
        : places.filter((place) => place.title.zh === title.zh || place.title.en === title.en).map((place) => place.id),
    ),
  );
  return {
    written: `${random.oneOf(['stage', '环节'])}:${[kinds[0], ...named].join(',')}`,
    holds: ({ state }) => {
      const open = state.status === 'open' ? state.visits.filter(({ left }) => left === undefined) : [];
      const stages = open.length > 0 ? open.map(({ stage }) => stage) : [state.end?.id ?? ''];
      return stages.some((stage) => meant.has(stage)) || open.some(({ kind }) => kinds.includes(kind));
    },
  };
}

function plainTerm(random: Random, { state, definition }: Looking): RandomTerm {
  const code = state.applicant.institution;
  const { number, title } = caseRow(definition, state);
  const part = random.oneOf([number, title.slice(0, 2), state.applicant.name.slice(0, 2), '没有这样的']);
  return random.oneOf<RandomTerm>([
    { written: 'status:open', holds: (looking) => looking.state.status === 'open' },
    { written: '状态:已办结', holds: (looking) => looking.state.status === 'ended' },
    { written: 'outcome:granted', holds: (looking) => looking.state.end?.outcome === 'granted' },
    {
      written: `institution:${random.oneOf([code, code.slice(-5)])}`,
      holds: unblinded((own) => own.state.applicant.institution === code),
    },
    { written: '逾期:是', holds: (looking) => isOverdue(looking) },
    { written: 'overdue:no', holds: (looking) => !isOverdue(looking) },
    {
      written: 'mine:yes',
      holds: ({ definition: own, state: its, viewer }) =>
        caseRow(own, its).tasks.some(({ holder }) => keysOf(viewer).includes(holder)),
    },
    { written: `"${part}"`, holds: (looking) => textOf(looking).includes(part) },
  ]);
}

const isOverdue = (looking: Looking): boolean => {
  const due = dueOf(looking);
  return due !== undefined && Date.parse(due) < looking.now.getTime();
};

const textOf = (looking: Looking): string => {
  const { title, number, institutionName } = caseRow(looking.definition, looking.state);
  return `${title} ${number} ${unblinded(() => institutionName)(looking) ?? ''}`;
};

/** A search of a few terms, some of them negated, about a case that there is. */
export function randomSearch(
  random: Random,
  some: Looking,
): { readonly text: string; readonly finds: (looking: Looking) => boolean } {
  const makers = [numberTerm, dayTerm, provinceTerm, stageTerm, plainTerm];
  const terms = Array.from({ length: 1 + random.below(3) }, () => ({
    negated: random.chance(0.3),
    term: random.oneOf(makers)(random, some),
  }));
  return {
    text: terms.map(({ negated, term }) => `${negated ? '-' : ''}${term.written}`).join(' '),
    finds: (looking) =>
      !isWalled(looking.definition, looking.state, looking.viewer) &&
      terms.every(({ negated, term }) => term.holds(looking) === !negated),
  };
}
