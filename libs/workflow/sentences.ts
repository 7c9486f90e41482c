import type { Text } from '#kernel';
import type { CaseEvent } from './case.events.js';
import type { ConfirmationEvent } from './confirmation.messages.js';
import type { DutyEvent } from './duty.messages.js';
import type { NoticeStageEvent } from './notice.messages.js';
import type { RegistrationStageEvent } from './registration.messages.js';

/** What happens when nobody judges any more: parties confirm, documents are issued, people register, obligations run. */
export type CarryingOut = ConfirmationEvent | DutyEvent | NoticeStageEvent | RegistrationStageEvent;

type Sentences = { readonly [K in CarryingOut['type']]: (data: Extract<CarryingOut, { type: K }>['data']) => Text };

const text = (en: string, zh: string): Text => ({ en, zh });

const sentences: Sentences = {
  PartiesAsked: ({ parties, needed, dueAt }) =>
    text(
      `${parties.length} parties are asked to confirm before ${dueAt}; ${needed} must.`,
      `请 ${parties.length} 方于 ${dueAt} 前确认，需 ${needed} 方确认。`,
    ),
  PartyConfirmed: ({ party, version }) => text(`“${party}” confirmed version ${version}.`, `“${party}”已确认第 ${version} 版。`),
  PartyRefused: ({ party, reason }) => text(`“${party}” refused: ${reason}`, `“${party}”拒绝确认：${reason}`),
  PartiesReminded: ({ parties }) => text(`Reminded: ${parties.join(', ')}.`, `已提醒：${parties.join('、')}。`),
  ConfirmationLapsed: ({ parties }) =>
    text(`The time for confirmation passed without ${parties.join(', ')}.`, `确认期限已过，未答复：${parties.join('、')}。`),
  InspectionOpened: ({ inspection, dueAt }) =>
    text(`Inspection ${inspection} is due before ${dueAt}.`, `第 ${inspection} 次检查开始，期限 ${dueAt}。`),
  InspectionPassed: ({ inspection }) => text(`Inspection ${inspection} passed.`, `第 ${inspection} 次检查合格。`),
  WarningGiven: ({ warning, reason, remedyDueAt }) =>
    text(
      `Warning ${warning}, to be remedied before ${remedyDueAt}: ${reason}`,
      `第 ${warning} 次警告，整改期限 ${remedyDueAt}：${reason}`,
    ),
  RemedyReported: ({ warning }) => text(`The remedy of warning ${warning} was reported.`, `已报告对第 ${warning} 次警告的整改。`),
  RemedyAccepted: ({ warning }) => text(`The remedy of warning ${warning} was accepted.`, `第 ${warning} 次警告的整改通过。`),
  RemedyRejected: ({ warning, reason }) =>
    text(`The remedy of warning ${warning} was not accepted: ${reason}`, `第 ${warning} 次警告的整改未通过：${reason}`),
  RemedyLapsed: ({ warning }) => text(`The time to remedy warning ${warning} passed.`, `第 ${warning} 次警告的整改期限已过。`),
  DutyHeld: ({ warning }) =>
    text(`The term ended; warning ${warning} is seen through first.`, `义务期届满，待第 ${warning} 次警告办结。`),
  SessionOpened: ({ session, until }) =>
    text(`Session “${session}” takes sign-ins until ${until}.`, `场次“${session}”开始签到，至 ${until}。`),
  RegistrationClosed: ({ endsAt }) => text(`Registrations closed; sessions until ${endsAt}.`, `报名截止，活动至 ${endsAt}。`),
  NoticePublished: ({ document, year, number }) =>
    text(`Published: ${document} ${year}-${number}.`, `已发布：${document}〔${year}〕${number}号。`),
};

/** Whether an event is of the kinds of stages that judge nobody. */
export const isCarryingOut = (event: CaseEvent): event is CarryingOut => Object.hasOwn(sentences, event.type);

/** Such an event in one sentence. */
export const describeCarryingOut = (event: CarryingOut): Text =>
  // Each type has its own function; the compiler cannot see that the pair belongs together.
  (sentences[event.type] as (data: CarryingOut['data']) => Text)(event.data);
