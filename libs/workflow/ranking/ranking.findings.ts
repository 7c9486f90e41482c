import { type Finding, finding } from '../check/finding.js';
import type { Definition, RankingStage } from '../definition.js';
import { rubricsOf } from '../rubric.js';
import { kindOf } from '../stages/index.js';
import { engineOr } from '../stages/stage.js';
import { leadsTo } from './presence.js';
import { countableFindings, quotaFindings } from './quotas.js';

/** What a ranking names and the definition does not have: a panel, its criteria, facts; quotas that limit nothing. */
export const rankingFindings = (definition: Definition): readonly Finding[] =>
  definition.stages.flatMap((stage, index) =>
    stage.kind === 'ranking' ? findingsOf(definition, stage, `/stages/${index}`) : [],
  );

function findingsOf(definition: Definition, stage: RankingStage, path: string): readonly Finding[] {
  const panel = definition.stages.find(({ id, kind }) => id === stage.scores && kind === 'panel');
  const rubrics = panel?.kind === 'panel' ? rubricsOf(panel) : [];
  const hasCriterion = (id: string): boolean => rubrics.every(({ criteria }) => criteria.some((one) => one.id === id));
  const named = stage.ties.rule === 'criteria' && panel !== undefined ? stage.ties.criteria : [];
  return [
    ...(panel !== undefined && leadsTo(definition, panel.id, stage.id) ? [] : [noPanel(stage.scores, `${path}/scores`)]),
    ...named.flatMap((id, index) => (hasCriterion(id) ? [] : [noCriterion(id, `${path}/ties/criteria/${index}`)])),
    ...(stage.groups === undefined ? [] : countableFindings(definition, stage.groups, `${path}/groups`)),
    ...quotaFindings(definition, stage, `${path}/quotas`),
    ...barrierFindings(definition, stage, path),
  ];
}

/** One silent office would hold up the whole round: what is waited for does not end by time, and only the engine keeps the ranking. */
function barrierFindings(definition: Definition, { id, power }: RankingStage, path: string): readonly Finding[] {
  if (power !== engineOr({ power }, 'engine').power) return [];
  const waits = definition.stages.filter(
    (stage) => stage.id !== id && leadsTo(definition, stage.id, id) && kindOf(stage.kind).outline(stage).automatic.length === 0,
  );
  return waits.length === 0 ? [] : [endlessBarrier(waits.map((stage) => stage.id).join(', '), `${path}/power`)];
}

const endlessBarrier = (stages: string, path: string) =>
  finding(
    'endless-barrier',
    path,
    [
      `The whole round waits here for cases at stages that do not end by time (${stages}), and nobody may go on without them.`,
      `全轮在此等待仍处于不因时间终止之环节（${stages}）的案件，且无人可决定不再等待。`,
    ],
    [
      'Name a power of people who may pass over a late case, or let those stages end by time, with “expires” at a check for instance.',
      '请写明由人行使、可不再等待逾期案件的职权，或使上述环节到期终止，例如在审查环节写明 expires。',
    ],
  );

const noPanel = (id: string, path: string) =>
  finding(
    'unknown-field',
    path,
    [
      `"${id}" is no panel by way of which cases come here, so there are no scores to rank by.`,
      `“${id}”不是此前的评审环节，无分数可供排序。`,
    ],
    ['Name the earlier panel stage whose reviews count.', '请写明以此前哪个评审环节的分数排序。'],
  );

const noCriterion = (id: string, path: string) =>
  finding(
    'unknown-field',
    path,
    [`A rubric of the panel has no criterion "${id}".`, `评审指标中没有“${id}”。`],
    ['Name a criterion of the rubric of that panel.', '请写该评审环节评审指标中的一项。'],
  );
