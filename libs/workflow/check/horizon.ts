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
    en: `${definition.id}: a round opened today may have deadlines in ${year}, whose public holidays are not kept yet. They are counted by weekdays, say so, and stand once given; enter the notice of the State Council in libs/workflow/calendar when it is out, and extend where it takes days away.`,
    zh: `${definition.id}：如今日启动轮次，期限可能落在 ${year} 年，该年放假安排尚未录入。此类期限按周一至周五计算并予注明，一经给定不再变动；国务院办公厅通知公布后请录入 libs/workflow/calendar，因放假减少的时间可予延期。`,
  };
}
