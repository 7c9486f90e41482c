import type { Text } from '../api.js';

/** What reviewers read where they read each other, speak and think again. */
export const discussing = {
  'act.discuss': { en: 'Discuss the reviews', zh: '讨论评审意见' },
  'act.revise': { en: 'Revise my review', zh: '修改我的评审意见' },
  'discussion.title': { en: 'Discussion', zh: '讨论' },
  'discussion.reviewer': { en: 'Reviewer {letter}', zh: '评审{letter}' },
  'discussion.you': { en: 'You ({letter})', zh: '您（{letter}）' },
  'discussion.named': { en: '{name} ({letter})', zh: '{name}（{letter}）' },
  'discussion.excluded': { en: 'no longer counted', zh: '不再计入' },
  'discussion.side-by-side': { en: 'Scores side by side', zh: '评分对照' },
  'discussion.criterion': { en: 'Criterion', zh: '指标' },
  'discussion.total': { en: 'Total, of 100', zh: '总分（满分 100）' },
  'discussion.spread': { en: 'Spread', zh: '分差' },
  'discussion.comments': { en: 'What was said', zh: '讨论发言' },
  'discussion.none': { en: 'Nobody has said anything yet.', zh: '暂无发言。' },
  'discussion.awaited': {
    en: 'Other reviews may still come. The time for discussion is set once every review is in.',
    zh: '可能还有评审意见尚未提交；全部提交后确定讨论期限。',
  },
  'discussion.closes': {
    en: 'The panel closes at this time, with the scores as they stand then:',
    zh: '评审组将于下列时间办结，以届时的评分为准：',
  },
  'discussion.was': { en: 'The discussion is over.', zh: '讨论已结束。' },
  'discussion.read-by': { en: 'Read by the panel and by who keeps it; {others}', zh: '评审组及其管理人员可见；{others}' },
  'discussion.nobody-else': { en: 'by nobody else, also not afterwards.', zh: '其他人在任何时候均不可见。' },
  'discussion.judge': {
    en: 'afterwards also by those who decide, without names.',
    zh: '评审结束后决定机构可见，不显示姓名。',
  },
  'discussion.applicant': {
    en: 'after the decision also by the applicant, without names.',
    zh: '作出决定后申报单位可见，不显示姓名。',
  },
  'discussion.both': {
    en: 'afterwards also by those who decide and, after the decision, by the applicant, without names.',
    zh: '评审结束后决定机构可见，作出决定后申报单位可见，均不显示姓名。',
  },
  'discussion.before': {
    en: 'The reviewers of this panel discuss. You read the others, and they read you, {when}; you are known to each other {as}.',
    zh: '本评审组设有讨论环节：{when}，专家之间可互阅评审意见；专家之间{as}。',
  },
  'discussion.own-review': { en: 'once your own review is in', zh: '您提交评审意见后' },
  'discussion.every-review': { en: 'once every review is in', zh: '全部评审意见提交后' },
  'discussion.pseudonym': { en: 'by letters only', zh: '仅以代号相称' },
  'discussion.name': { en: 'by name', zh: '以真实姓名相称' },
  'discussion.say': { en: 'Say something to the others', zh: '发言' },
  'discussion.say-hint': {
    en: 'Write about the application. It stays on record; do not say who you are where the panel knows you by a letter only.',
    zh: '请针对申报内容发言，发言将留档。专家之间仅以代号相称时，请勿透露身份。',
  },
  'discussion.send': { en: 'Send to the panel', zh: '发送至评审组' },
  'discussion.sent': { en: 'The panel can read it now.', zh: '评审组现在可以阅读。' },
  'revise.what': {
    en: 'What you submitted stays on record beside it. The last version counts, until the panel closes.',
    zh: '原评审意见仍留档。评审组办结前，以最后一次提交为准。',
  },
  'revise.reason': { en: 'Why you think otherwise now', zh: '修改理由' },
  'revise.reason-hint': { en: 'Who reads your review reads it, too.', zh: '可阅看您评审意见的人均可看到。' },
  'revise.submit': { en: 'Replace my review', zh: '提交修改' },
  'revise.done': { en: 'Your review has been revised; the last version counts.', zh: '评审意见已修改，以最后版本为准。' },
  'revise.earlier': { en: 'Revised: {before} → {after}', zh: '已修改：{before} → {after}' },
} as const satisfies Readonly<Record<string, Text>>;
