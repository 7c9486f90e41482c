import type { Text } from '#kernel';
import type { PanelChangeEvent } from './panel.messages.js';

const sentences: { readonly [K in PanelChangeEvent['type']]: Text } = {
  ReviewerAdded: { en: 'A reviewer was added to the panel.', zh: '评审组加签一位专家。' },
  ReviewerRemoved: {
    en: 'A reviewer was taken from the panel; what they gave is kept and not counted.',
    zh: '评审组减签一位专家，其已提交的评审留档但不计入。',
  },
  ReviewTransferred: { en: 'A review was handed to another reviewer.', zh: '一项评审已转办给其他专家。' },
  SubstituteAppointed: { en: 'A substitute was appointed for a reviewer.', zh: '已为一位评审专家指定代理评审人。' },
  SubstitutionBegan: { en: 'The substitute reviews from now on.', zh: '代理评审开始。' },
  SubstitutionEnded: { en: 'The time of the substitute ended; the review falls back.', zh: '代理期满，评审任务退回原专家。' },
};

/** Such an event in one sentence. */
export const describePanelChange = ({ type }: PanelChangeEvent): Text => sentences[type];
