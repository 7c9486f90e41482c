import type { Definition, Stage } from '../definition.js';
import { leadsTo } from '../ranking/presence.js';
import { procedureOf } from '../subcases/subcase.js';
import { blindPanels, publicKinds } from '../wall.js';
import { type Finding, finding } from './finding.js';
import { netOf } from './flow.js';
import { play } from './net.js';

/** Panels that may not learn whose an application is, while or after everyone may read it. Of a definition whose names are in order. */
export function blindingFindings(definition: Definition): readonly Finding[] {
  const open = definition.stages.filter(({ kind }) => publicKinds.has(kind));
  const blind = blindPanels(definition);
  if (open.length === 0 || blind.length === 0) return [];
  const { reached } = play(netOf(definition));
  const isBeside = (one: Stage, other: Stage): boolean =>
    reached.some((marking) => marking.includes(one.id) && marking.includes(other.id));
  return blind.flatMap((panel) => {
    const shown = open.find((stage) => isBeside(panel, stage) || leadsTo(withReturns(definition), stage.id, panel.id));
    return shown === undefined ? [] : [undone(panel.id, shown.id, `/stages/${definition.stages.indexOf(panel)}/blind`)];
  });
}

/** Panels of hearings: what they are about is being made public meanwhile. An appeal comes later, when that is over. */
export const hearingBlindingFindings = (definition: Definition): readonly Finding[] =>
  Object.entries(definition.subcases ?? {}).flatMap(([name, { kind, stages }]) => {
    const opening = definition.stages.find((stage) => stage.kind === 'publicity' && stage.ruling.hearing === name);
    if (kind !== 'hearing' || opening === undefined) return [];
    return blindPanels(procedureOf(definition, name)).map((panel) =>
      undone(panel.id, opening.id, `/subcases/${name}/stages/${stages.indexOf(panel)}/blind`),
    );
  });

/** Sending back leads to a stage, as an outcome does. */
const withReturns = (definition: Definition): Definition => ({
  ...definition,
  stages: definition.stages.map((stage) => ({ ...stage, on: { ...stage.on, 'sent-back': stage.return?.to ?? [] } })),
});

const undone = (panel: string, shown: string, path: string): Finding =>
  finding(
    'blinding-undone',
    path,
    [
      `The reviewers of "${panel}" may not learn whose an application is, and "${shown}" makes it public before they are done.`,
      `“${panel}”的评审人不应知悉申报单位，但在其评审结束前“${shown}”已予公开。`,
    ],
    [
      'Let the panel come before whatever is public, or blind it singly: blind: single.',
      '请将评审安排在公开之前，或改为单盲：blind: single。',
    ],
  );
