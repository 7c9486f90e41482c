import type { Text } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { PleadingEvent, SubcaseEvent } from './subcase.messages.js';

/** What has to do with appeals and hearings. */
export type OfSubcases = SubcaseEvent | PleadingEvent;
type Sentences = { readonly [K in OfSubcases['type']]: (data: Extract<OfSubcases, { type: K }>['data']) => Text };

const text = (en: string, zh: string): Text => ({ en, zh });

const sentences: Sentences = {
  SubcaseOpened: ({ number, parent, against }) =>
    against === undefined
      ? text(`Hearing ${number} of an objection to ${parent.number} opened.`, `就 ${parent.number} 的异议启动听证 ${number}。`)
      : text(
          `Appeal ${number} opened against the end of ${parent.number} (${against.end}).`,
          `对 ${parent.number} 的结果（${against.end}）提出的申诉 ${number} 已受理。`,
        ),
  SubcaseDropped: () => text('Closed: the matter is over otherwise.', '终止：所涉事项已另行了结。'),
  AppealLodged: ({ subcase, number, grounds }) =>
    text(
      `Appeal lodged (${subcase}-${number}): ${grounds.map((ground) => `“${ground}”`).join(', ')}.`,
      `已提出申诉（${subcase}-${number}）：${grounds.map((ground) => `“${ground}”`).join('、')}。`,
    ),
  AppealWindowClosed: () => text('No appeal was lodged in time; the decision is final.', '期限内无申诉，决定生效。'),
  DecisionUpheld: ({ subcase, number, explanation }) =>
    text(
      `Upheld on appeal (${subcase}-${number}): ${explanation.text.en}`,
      `申诉后维持原决定（${subcase}-${number}）：${explanation.text.zh}`,
    ),
  DecisionSuperseded: ({ subcase, number, end, explanation }) =>
    text(
      `Superseded on appeal (${subcase}-${number}) by “${end}”: ${explanation.text.en}`,
      `申诉后变更（${subcase}-${number}），以“${end}”取代原决定：${explanation.text.zh}`,
    ),
  CaseReopened: ({ subcase, number, to, explanation, besideQuotas }) =>
    text(
      `Superseded on appeal (${subcase}-${number}); the case goes on at “${to}”: ${explanation.text.en}${besideQuotas === true ? ' It goes on beside the quotas of the round, and nobody gives way to it.' : ''}`,
      `申诉后变更（${subcase}-${number}），原决定失效，案件转入“${to}”继续办理：${explanation.text.zh}${besideQuotas === true ? '本项目不占本轮名额，不影响其他项目。' : ''}`,
    ),
  StatementGiven: ({ evidence }) =>
    text(`A statement was given, with ${evidence.length} files.`, `已陈述意见，附材料 ${evidence.length} 件。`),
  RulingGiven: ({ ruling, reason }) =>
    ruling === 'sustained' ? text(`Sustained: ${reason}`, `成立：${reason}`) : text(`Dismissed: ${reason}`, `不成立：${reason}`),
};

export const isOfSubcases = (event: CaseEvent): event is OfSubcases => Object.hasOwn(sentences, event.type);

/** Such an event in one sentence. */
export const describeSubcase = (event: OfSubcases): Text =>
  // Each type has its own function; the compiler cannot see that the pair belongs together.
  (sentences[event.type] as (data: OfSubcases['data']) => Text)(event.data);
