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
} as const satisfies Readonly<Record<string, Text>>;
