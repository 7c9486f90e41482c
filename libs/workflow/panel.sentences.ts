import type { Message, Text } from '#kernel';
import type { CaseEvent, PanelReopened } from './case.events.js';
import type { PanelChangeEvent } from './panel.messages.js';
import type { ReviewEvent } from './review.messages.js';

/** What reviewers do, and what is done with them. */
export type OfReviewers = PanelChangeEvent | ReviewEvent | Message<'PanelReopened', PanelReopened>;

const text = (en: string, zh: string) => (): Text => ({ en, zh });

type Sentences = { readonly [K in OfReviewers['type']]: (data: Extract<OfReviewers, { type: K }>['data']) => Text };

const sentences: Sentences = {
  ReviewersSought: ({ reviewers }) =>
    reviewers === undefined
      ? { en: 'The empty places of the panel are to be drawn for.', zh: '评审组空缺名额将抽取专家。' }
      : {
          en: `${reviewers.length} reviewers were chosen; they are assigned if they have room for it.`,
          zh: `已选定 ${reviewers.length} 位专家，任务数未满者即予指派。`,
        },
  PanelReopened: text(
    'The panel has been opened again: one of its reviews no longer counts.',
    '评审重新开始：其中一份评审意见不再计入。',
  ),
  ReviewerAdded: text('A reviewer was added to the panel.', '评审组加签一位专家。'),
  ReviewerRemoved: text(
    'A reviewer was taken from the panel; what they gave is kept and not counted.',
    '评审组减签一位专家，其已提交的评审留档但不计入。',
  ),
  ReviewTransferred: text('A review was handed to another reviewer.', '一项评审已转办给其他专家。'),
  SubstituteAppointed: text('A substitute was appointed for a reviewer.', '已为一位评审专家指定代理评审人。'),
  SubstitutionBegan: text('The substitute reviews from now on.', '代理评审开始。'),
  SubstitutionEnded: text('The time of the substitute ended; the review falls back.', '代理期满，评审任务退回原专家。'),
  ReviewSubmitted: text('A review was submitted.', '一份评审意见已提交。'),
  ReviewRevised: text('A review was revised; the one before stays on record.', '一份评审意见已修改，原意见留档。'),
  DiscussionOpened: ({ until }) => ({
    en: `The reviewers discuss their reviews until ${until}; the panel closes then.`,
    zh: `评审组开始讨论，截止 ${until}，届时办结。`,
  }),
  ReviewsDiscussed: text('A reviewer made a comment in the discussion.', '一位评审专家在讨论中发表意见。'),
  DiscussionReminded: text('Reviewers were reminded of the discussion.', '已提醒尚未发言的评审专家参加讨论。'),
};

export const isOfReviewers = (event: CaseEvent): event is OfReviewers => Object.hasOwn(sentences, event.type);

/** Such an event in one sentence. */
export const describeReviewers = (event: OfReviewers): Text =>
  // Each type has its own function; the compiler cannot see that the pair belongs together.
  (sentences[event.type] as (data: OfReviewers['data']) => Text)(event.data);
