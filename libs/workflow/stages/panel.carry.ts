import { canonicalJson } from '#kernel';
import type { PanelVisit } from '../case.state.js';
import type { PanelStage } from '../definition.js';
import { type Obstacle, obstacle } from '../migration/obstacle.js';

/** Reviewers go on under the rubric, the power, the blinding and the rules of discussion that they were assigned under, or not at all. */
export function carryPanel({ assignments }: PanelVisit, from: PanelStage, to: PanelStage): readonly Obstacle[] {
  const counted = assignments.filter(({ status }) => status === 'open' || status === 'submitted');
  if (counted.length === 0) return [];
  return [
    ...(rubricsIn(from) === rubricsIn(to) ? [] : [rubricDiffers(from)]),
    ...(from.power === to.power ? [] : [otherReviewers(from)]),
    ...(from.blind === to.blind ? [] : [otherBlinding(from)]),
    ...(talkIn(from) === talkIn(to) ? [] : [otherDiscussion(from)]),
  ];
}

const rubricsIn = ({ rubric, rubrics }: PanelStage): string => canonicalJson({ rubric, rubrics: rubrics ?? [] });

/** Who reads what reviewers write, when and under which name, and whether they are waited for. */
const talkIn = ({ discussion }: PanelStage): string => canonicalJson(discussion ?? {});

const rubricDiffers = ({ title }: PanelStage): Obstacle =>
  obstacle(
    'rubric-differs',
    `Reviews are under way at “${title.en}” and the new version has another rubric; let the case stay, or begin the stage anew.`,
    `“${title.zh}”环节评审正在进行，而新版本的评分标准不同；请让案件保留原版本，或重新开始该环节。`,
  );

const otherReviewers = ({ title }: PanelStage): Obstacle =>
  obstacle(
    'reviewers-differ',
    `Reviewers are at work at “${title.en}”, and the new version has others review; let the case stay, or begin the stage anew.`,
    `“${title.zh}”环节评审专家正在工作，而新版本由其他人员评审；请让案件保留原版本，或重新开始该环节。`,
  );

const otherBlinding = ({ title }: PanelStage): Obstacle =>
  obstacle(
    'blinding-differs',
    `Reviewers at “${title.en}” were promised another blinding than the new version has; let the case stay, or begin the stage anew.`,
    `“${title.zh}”环节评审专家被承诺的匿名方式与新版本不同；请让案件保留原版本，或重新开始该环节。`,
  );

const otherDiscussion = ({ title }: PanelStage): Obstacle =>
  obstacle(
    'discussion-differs',
    `Reviewers at “${title.en}” write under rules of discussion that the new version changes; let the case stay, or begin the stage anew.`,
    `“${title.zh}”环节评审专家适用的讨论规则与新版本不同；请让案件保留原版本，或重新开始该环节。`,
  );
