import type { Sql, Text } from '#kernel';
import type { Field, Stage } from '../definition.js';
import type { Lexicon, Named } from './terms.js';

export const noNames: Lexicon = { utcOffsetMinutes: 480, stages: [], kinds: [], rounds: [] };

interface Adopted {
  readonly stages: readonly { readonly id: string; readonly title: Text }[];
  readonly ends: Readonly<Record<string, { readonly title: Text }>>;
  readonly fields: readonly Field[];
  readonly utcOffsetMinutes: number;
}

const named = (code: string, { zh, en }: Text, ...more: readonly string[]): Named => ({ code, names: [zh, en, ...more] });

/** Stages by what they are, whatever a workflow calls them. */
const kindNames: Readonly<Record<Stage['kind'], string>> = {
  check: '审核类',
  panel: '评审类',
  ballot: '表决类',
  publicity: '公示类',
  ranking: '排序类',
  confirmation: '确认类',
  duty: '义务类',
  registration: '报名类',
  notice: '公文类',
  choice: '分流类',
  statement: '陈述类',
  ruling: '裁定类',
};

export const stageKindNames: readonly Named[] = Object.entries(kindNames).map(([code, zh]) => ({ code, names: [zh] }));

/** What an alliance calls its stages, kinds and rounds: all of it is open to everyone. */
export async function lexiconOf(sql: Sql, schema: string, alliance: string): Promise<Lexicon> {
  const adopted = await sql.query<Adopted>(
    `select coalesce((select jsonb_agg(jsonb_build_object('id', stage->'id', 'title', stage->'title'))
       from jsonb_array_elements(body->'stages') as stage), '[]') as stages,
       body->'ends' as ends, body->'subject'->'fields' as fields,
       (body->'round'->>'utcOffsetMinutes')::int as "utcOffsetMinutes"
     from ${schema}.definition where alliance = $1 order by id, version desc limit 200`,
    [alliance],
  );
  const rounds = await sql.query<{ id: string; title: Text }>(
    `select id, title from ${schema}.round where alliance = $1 limit 1000`,
    [alliance],
  );
  return {
    utcOffsetMinutes: mostly(adopted.map(({ utcOffsetMinutes }) => utcOffsetMinutes)) ?? noNames.utcOffsetMinutes,
    stages: together([
      ...adopted.flatMap(({ stages, ends }) => [
        ...stages.map(({ id, title }) => named(id, title)),
        ...Object.entries(ends).map(([id, { title }]) => named(id, title)),
      ]),
      ...stageKindNames,
    ]),
    kinds: together(
      adopted.flatMap(({ fields }) => {
        const field = fields.find(({ type }) => type === 'choice');
        return field?.type === 'choice' ? field.choices.map(({ value, label }) => named(value, label)) : [];
      }),
    ),
    rounds: rounds.map(({ id, title }) => named(id, title, id.slice(alliance.length + 1))),
  };
}

/** What most of them are, the first of those: workflows of one alliance are of one zone. */
function mostly(all: readonly number[]): number | undefined {
  const often = (one: number): number => all.filter((other) => other === one).length;
  return all.toSorted((one, other) => often(other) - often(one))[0];
}

/** One code under every name that any version gives it. */
function together(all: readonly Named[]): readonly Named[] {
  const names = new Map<string, Set<string>>();
  for (const one of all) names.set(one.code, new Set([...(names.get(one.code) ?? []), ...one.names]));
  return [...names].map(([code, known]) => ({ code, names: [...known] }));
}
