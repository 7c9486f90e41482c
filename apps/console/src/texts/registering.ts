import type { Text } from '../api.js';

/** What people read who register for an event, and who organise one. */
export const registering = {
  'act.register': { en: 'Register', zh: '报名' },
  'register.what': {
    en: 'Places go by the order of registration. Who finds none waits, and moves up when somebody cancels.',
    zh: '名额按报名先后确定；名额已满的列入候补，有人取消时依次递补。',
  },
  'register.do': { en: 'Register', zh: '报名' },
  'register.done': { en: 'You are registered.', zh: '您已报名。' },
  'register.place': {
    en: 'You have a place: number {rank} of {places}.',
    zh: '您已获得名额：第 {rank} 位，共 {places} 个名额。',
  },
  'register.waiting': {
    en: 'You wait: {before} are before you on the waiting list.',
    zh: '您在候补名单中，前面还有 {before} 人。',
  },
  'register.next': { en: 'You wait, and are the first on the waiting list.', zh: '您在候补名单中，排在第一位。' },
  'register.cancel-sure': {
    en: 'Your place goes to whoever waits. You can only register again at the end.',
    zh: '名额将由候补者递补；再次报名须重新排队。',
  },
  'register.keep': { en: 'Stay registered', zh: '保留报名' },
  'register.cancel': { en: 'Cancel my registration', zh: '取消报名' },
  'register.cancelled': { en: 'Your registration is cancelled.', zh: '已取消报名。' },
  'register.sign-in': { en: 'Sign in to “{session}”', zh: '签到：{session}' },
  'register.signed-in': { en: 'You have signed in to “{session}”.', zh: '已签到：{session}。' },
  'register.closed': { en: 'Registrations are no longer taken.', zh: '报名已截止。' },
  'act.open-session': { en: 'Open a session for signing in', zh: '开放签到' },
  'session.name': { en: 'Name of the session', zh: '场次名称' },
  'session.name-hint': {
    en: 'Small letters, digits and dashes: day-1-morning.',
    zh: '小写字母、数字和连字符，例如 day-1-morning。',
  },
  'session.minutes': { en: 'Minutes', zh: '开放分钟数' },
  'session.open': { en: 'Open it now', zh: '立即开放' },
  'session.opened': { en: 'The session is open for signing in.', zh: '已开放签到。' },
  registrations: { en: 'Registrations', zh: '报名情况' },
  'registrations.count': {
    en: '{registered} registered for {places} places: {left} left, {waiting} waiting.',
    zh: '名额 {places} 个，已报名 {registered} 人，剩余 {left} 个，候补 {waiting} 人。',
  },
  'registrations.none': { en: 'Nobody has registered yet.', zh: '尚无人报名。' },
  'registrations.rank': { en: 'No.', zh: '序号' },
  'registrations.person': { en: 'Who', zh: '姓名' },
  'registrations.standing': { en: 'Place', zh: '名额' },
  'registrations.sessions': { en: 'Sessions signed in to', zh: '签到场次' },
  'registrations.confirmed': { en: 'has a place', zh: '已获名额' },
  'registrations.given': { en: 'has a place, being confirmed', zh: '已获名额，确认中' },
  'registrations.waiting': { en: 'waits', zh: '候补' },
} as const satisfies Readonly<Record<string, Text>>;
