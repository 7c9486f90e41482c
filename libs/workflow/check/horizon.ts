import type { Text } from '#kernel';
import { deadline, unannouncedYear } from '../deadline.js';
import type { Definition } from '../definition.js';
import { kindOf } from '../stages/index.js';

/**
 * Whether a round that is opened now may come to deadlines in a year whose public holidays are not kept: every wait of the definition
 * after the other, each once.
 *
 * @param now - milliseconds since 1970 UTC
 */
export function beyondNotices(definition: Definition, now: number): Text | undefined {
  const waits = definition.stages.flatMap((stage) => kindOf(stage.kind).outline(stage).waits);
  const days = waits.reduce((sum, { workingDays = 0 }) => sum + workingDays, definition.round.submission.workingDays);
  const year = unannouncedYear(definition, deadline(definition, now, days));
  if (year === undefined) return undefined;
  return {
    en: `${definition.id}: a round opened today may have deadlines in ${year}, whose public holidays are not kept yet. They are counted by weekdays and say so; announce the holidays on the record of the alliance when the notice of the State Council is out, and they are counted again.`,
    zh: `${definition.id}：如今日启动轮次，期限可能落在 ${year} 年，该年放假安排尚未录入。此类期限按周一至周五计算并予注明；国务院办公厅通知公布后请在联盟登记放假安排，届时重新计算。`,
  };
}
