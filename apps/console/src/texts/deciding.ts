import type { Text } from '../api.js';

/** What people read about meetings, proxies, applications that stand still and near matches. */
export const deciding = {
  'act.remind-voters': { en: 'Remind those who have not voted', zh: '提醒尚未表决者' },
  'remind-voters.what': {
    en: 'It is done once for each ballot, and stands on record.',
    zh: '每次表决仅可提醒一次，并记录在案。',
  },
  'remind-voters.done': { en: 'Those who have not voted are reminded.', zh: '已提醒尚未表决者。' },
  'nav.meetings': { en: 'Meetings', zh: '会议' },
  'meetings.ahead': { en: 'Meetings of which notice was given', zh: '已通知的会议' },
  'meetings.none': { en: 'No meeting has been convened.', zh: '暂无会议。' },
  meeting: { en: 'Meeting', zh: '会议' },
  'meeting.agenda': { en: 'Agenda', zh: '议程' },
  'meeting.proxies': { en: 'Proxies', zh: '委托' },
  'meeting.no-proxies': { en: 'No proxy stands.', zh: '暂无有效委托。' },
  'meeting.proxy': { en: '{holder} votes for {giver}', zh: '{holder} 受 {giver} 委托表决' },
  'meeting.proxy-items': { en: '{count} items', zh: '{count} 项' },
  'meeting.holder': { en: 'Who votes for me', zh: '受托人' },
  'meeting.scope': { en: 'On which items', zh: '委托事项' },
  'meeting.scope-hint': { en: 'The whole agenda, if you choose none.', zh: '不选择则为全部议程。' },
  'meeting.lodge': { en: 'Lodge the proxy', zh: '提交委托' },
  'meeting.revoke': { en: 'Take my proxy back', zh: '撤回委托' },
  'meeting.called-off': { en: 'Called off', zh: '已取消' },
  'meeting.called-off-what': {
    en: 'Votes and proxies of this meeting have lapsed; its items wait for another.',
    zh: '本次会议的表决与委托均已失效，议程事项等待另行召集会议。',
  },
  'meeting.call-off': { en: 'Call the meeting off', zh: '取消会议' },
  'meeting.call-off-what': {
    en: 'The members are told. Votes not yet counted and all proxies lapse, and the items wait for another meeting.',
    zh: '将告知成员；尚未表决完毕的票与全部委托失效，议程事项等待另行召集会议。',
  },
  'ballot.called-off': { en: 'The meeting was called off; these votes have lapsed.', zh: '会议取消，所投之票作废。' },
  'act.convene': { en: 'Convene a meeting', zh: '召集会议' },
  'convene.what': {
    en: 'The charter wants a meeting. Only what is on the agenda of the notice is put to the vote there.',
    zh: '章程规定须召开会议；只有列入通知议程的事项方可在会上表决。',
  },
  'convene.day': { en: 'Day of the meeting', zh: '会议日期' },
  'convene.day-hint': { en: 'Votes are taken on that day, until its end.', zh: '当日表决，至当日结束。' },
  'convene.place': { en: 'Place', zh: '地点' },
  'convene.do': { en: 'Give notice (items: {count})', zh: '发出通知（{count} 项议程）' },
  'convene.done': { en: 'Notice has been given.', zh: '会议通知已发出。' },
  'vote.whose': { en: 'Whose vote', zh: '投谁的票' },
  'vote.own': { en: 'My own', zh: '本人' },
  'case.frozen': {
    en: 'This application stands still: the membership of its university is suspended. Its deadlines go on afterwards.',
    zh: '本申报中止办理：该校成员资格已暂停；恢复后期限顺延。',
  },
  'case.similar': {
    en: 'Nearly the same title from the same university in this round. Look whether it is one course:',
    zh: '同一学校在本轮有名称相近的申报，请核对是否为同一课程：',
  },
} as const satisfies Readonly<Record<string, Text>>;
