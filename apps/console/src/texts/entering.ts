import type { Text } from '../api.js';

/** Invitations, and what people keep about their own way in. */
export const entering = {
  invitation: { en: 'Accept your invitation', zh: '接受邀请' },
  'invitation.what': {
    en: 'Choose how you will sign in from now on. An invitation can be used once.',
    zh: '请选择今后的登录方式。邀请只能使用一次。',
  },
  'invitation.broken': {
    en: 'This address is not a whole invitation. Open the link from your secretariat again, or copy it completely.',
    zh: '此地址不是完整的邀请链接。请重新打开秘书处发来的链接，或完整复制后再试。',
  },
  'invitation.password-way': { en: 'Set a user name and password', zh: '设置用户名和密码' },
  'invitation.login-hint': {
    en: '3 to 64 letters, digits or the signs . _ @ + -',
    zh: '3 至 64 个字母、汉字、数字或符号 . _ @ + -',
  },
  'invitation.password-hint': {
    en: 'At least 12 characters, without your user name in it.',
    zh: '至少 12 个字符，不得包含用户名。',
  },
  'invitation.set': { en: 'Set name and password', zh: '设置用户名和密码' },
  'invitation.university-way': { en: 'Or use your university account', zh: '或使用学校统一身份' },
  'invitation.link': { en: 'Link my account: {title}', zh: '关联账户：{title}' },
  'invitation.done': {
    en: 'Your user name and password have been set. Sign in with them.',
    zh: '用户名和密码已设置，请用其登录。',
  },
  'refusal.identity.not-linked': {
    en: 'This university account is not linked to anybody here. Open the invitation from your secretariat and link it there.',
    zh: '该统一身份尚未与本系统人员关联，请打开秘书处发来的邀请完成关联。',
  },
  'refusal.identity.linked-elsewhere': {
    en: 'This university account is linked to somebody else. Ask your secretariat.',
    zh: '该统一身份已与其他人员关联，请联系秘书处。',
  },
  'refusal.identity.invitation-used': {
    en: 'This invitation has been used or has expired. Ask your secretariat for a new one.',
    zh: '该邀请已使用或已过期，请向秘书处申请新的邀请。',
  },
  'refusal.identity.disabled': {
    en: 'Your access has been ended. Ask the secretariat of your alliance.',
    zh: '您的账户已停用，请联系联盟秘书处。',
  },
  account: { en: 'My account', zh: '我的账户' },
  'account.sessions': { en: 'Where I am signed in', zh: '已登录的设备' },
  'account.sessions-what': {
    en: 'End what you do not recognise, then ask your secretariat for an invitation to set a new password.',
    zh: '如有不认识的登录，请将其结束，并向秘书处申请邀请以重设密码。',
  },
  'account.agent': { en: 'Program', zh: '程序' },
  'account.method': { en: 'Signed in with', zh: '登录方式' },
  'account.signed-in': { en: 'Since', zh: '登录时间' },
  'account.last-seen': { en: 'Last used', zh: '最近使用' },
  'account.this': { en: 'This one', zh: '当前' },
  'account.end': { en: 'End', zh: '结束' },
  'account.end-of': { en: 'End the session of {agent} since {at}', zh: '结束 {agent} 自 {at} 起的登录' },
  'account.unknown-agent': { en: 'unknown', zh: '未知' },
  'method.password': { en: 'Password', zh: '密码' },
  'method.oidc': { en: 'University account', zh: '学校统一身份' },
  'method.demonstration': { en: 'Click in the demonstration', zh: '演示点击' },
  'account.keys': { en: 'Machine keys', zh: '机器密钥' },
  'account.keys-what': {
    en: 'A key lets a program of yours act for you through the HTTP interface, with the powers that you choose and no others.',
    zh: '密钥供您的程序通过 HTTP 接口代您操作，仅限您所选的职权。',
  },
  'account.no-keys': { en: 'You have no machine key.', zh: '您没有机器密钥。' },
  'account.key-name': { en: 'Name', zh: '名称' },
  'account.key-name-hint': { en: 'What it is for, so that you recognise it later.', zh: '说明用途，便于日后识别。' },
  'account.key-powers': { en: 'Powers', zh: '职权' },
  'account.key-powers-hint': { en: 'None for a key that only reads.', zh: '不选则仅可读取。' },
  'account.key-reads': { en: 'Reads only', zh: '仅读取' },
  'account.key-last-day': { en: 'Last day', zh: '有效期至' },
  'account.key-last-day-hint': { en: 'Within a year, until 24:00, {zone}.', zh: '一年以内，至当日 24:00（{zone}）。' },
  'account.key-network': { en: 'Network', zh: '网络' },
  'account.key-network-hint': {
    en: 'The only one it may be used from, such as 10.0.0.0/8; empty for any.',
    zh: '仅限从该网络使用，例如 10.0.0.0/8；留空则不限。',
  },
  'account.key-until': { en: 'Valid until', zh: '有效期至' },
  'account.key-issue': { en: 'Issue a key', zh: '签发密钥' },
  'account.key-token': {
    en: 'Copy the key now. It is shown here once and is kept nowhere.',
    zh: '请立即复制密钥。密钥仅在此显示一次，系统不保存。',
  },
  'account.key-revoke': { en: 'Revoke', zh: '撤销' },
  'account.key-revoke-of': { en: 'Revoke the key “{name}”', zh: '撤销密钥“{name}”' },
} as const satisfies Readonly<Record<string, Text>>;
