import type { Definition, Stage } from '#workflow';

/** Both languages, where a test does not care what they say. */
export const text = (en: string) => ({ en, zh: `中文 ${en}` });

/** The smallest review that is sound with these stages: they end at `granted` and `declined`. */
export const anyReview = (stages: readonly Stage[], version = 1): Definition => ({
  id: 'any-review',
  version,
  title: text('Any review'),
  round: { zone: 'Asia/Shanghai', utcOffsetMinutes: 480, workingDays: 'china', submission: { workingDays: 20 } },
  subject: {
    title: text('Course'),
    context: 'course',
    powers: { submit: 'submit', withdraw: 'withdraw' },
    fields: [{ id: 'title', type: 'text', maxLength: 100, label: text('Title') }],
    files: [],
  },
  eligibility: [],
  stages,
  ends: {
    granted: { title: text('Granted'), outcome: 'granted' },
    declined: { title: text('Declined'), outcome: 'refused' },
    withdrawn: { title: text('Withdrawn'), outcome: 'withdrawn' },
  },
});
