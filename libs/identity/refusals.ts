import { DomainError, type Text } from '#kernel';

/** HTTP statuses of identity's refusals that do not follow from the first word of their code. */
export const identityStatuses: Readonly<Record<string, number>> = {
  'identity.not-signed-in': 401,
  'identity.wrong-credentials': 401,
  'identity.bad-key': 401,
  'identity.disabled': 403,
  'identity.cross-site': 403,
  'identity.json-only': 415,
  'identity.key-not-enough': 403,
  'identity.key-alliance': 403,
  'identity.not-linked': 403,
  'identity.oidc-refused': 403,
  'identity.too-many-attempts': 429,
  'identity.too-many-away': 429,
};

type Details = Readonly<Record<string, unknown>>;
const refusal =
  (code: `identity.${string}`, text: Text) =>
  (details: Details = {}): DomainError =>
    new DomainError(code, text, details);

export const notSignedIn = refusal('identity.not-signed-in', {
  en: 'You are not signed in, or your session has ended. Sign in and try again.',
  zh: '您尚未登录或会话已结束，请登录后重试。',
});

/** The same for an unknown name and a wrong password: nobody learns which names exist. */
export const wrongCredentials = refusal('identity.wrong-credentials', {
  en: 'This name and password do not belong together. Check both, or ask your secretariat for a new invitation.',
  zh: '用户名或密码不正确，请核对后重试，或向秘书处申请新的邀请。',
});

/** `retryAfterMs` in the details is for the header Retry-After. */
export const tooManyAttempts = (retryAfterMs: number): DomainError =>
  new DomainError(
    'identity.too-many-attempts',
    {
      en: 'Too many failed attempts came from your network address. Wait a while, or sign in from another place or with your university account.',
      zh: '来自您所在网络地址的失败尝试过多，请稍后再试，或换一处网络、使用本校统一身份登录。',
    },
    { retryAfterMs },
  );

/** As above. */
export const tooManyAway = (retryAfterMs: number): DomainError =>
  new DomainError(
    'identity.too-many-away',
    {
      en: 'Too many sign-ins with a university account were begun at your network address and not finished. Wait a while, or sign in from another place or with a password.',
      zh: '您所在网络地址发起而未完成的统一身份登录过多，请稍后再试，或换一处网络、使用密码登录。',
    },
    { retryAfterMs },
  );

export const personDisabled = refusal('identity.disabled', {
  en: 'Your access has been ended. Ask the secretariat of your alliance.',
  zh: '您的账户已停用，请联系联盟秘书处。',
});

export const badInvitation = refusal('identity.invitation-used', {
  en: 'This invitation has been used or has expired. Ask your secretariat for a new one.',
  zh: '该邀请已使用或已过期，请向秘书处申请新的邀请。',
});

export const loginTaken = refusal('identity.login-taken', {
  en: 'Somebody else has this user name. Choose another one.',
  zh: '该用户名已被使用，请另选一个。',
});

export const badLogin = refusal('identity.bad-login', {
  en: 'A user name has 3 to 64 letters, digits or the signs . _ @ + -',
  zh: '用户名须为 3 至 64 个字母、汉字、数字或符号 . _ @ + -',
});

export const weakPassword = refusal('identity.weak-password', {
  en: 'Choose a password of 12 to 128 characters that neither contains your user name nor repeats a few characters.',
  zh: '请设置 12 至 128 个字符的密码，不得包含用户名，也不得由少数字符重复组成。',
});

export const badKey = refusal('identity.bad-key', {
  en: 'This machine key is unknown, has expired, was revoked, or may not be used from this network address. Ask its owner for a new one.',
  zh: '该机器密钥不存在、已过期、已撤销，或不允许从此网络地址使用，请向密钥所有者申请新密钥。',
});

export const badKeyOrder = refusal('identity.bad-key-order', {
  en: 'A machine key needs an expiry within a year from now, a network like 10.0.0.0/8 or 2001:db8::/32 if any, and its owner may hold 20 at most.',
  zh: '机器密钥的有效期须在一年以内；如限定网络，格式如 10.0.0.0/8 或 2001:db8::/32；每人最多持有 20 个。',
});

export const keyNotFound = refusal('identity.not-found', {
  en: 'There is nothing of yours under this id.',
  zh: '该编号下没有属于您的内容。',
});

export const keyNotEnough = refusal('identity.key-not-enough', {
  en: 'A machine key cannot do this. Sign in as a person.',
  zh: '机器密钥不能执行此操作，请以个人身份登录。',
});

export const keyOfAnotherAlliance = refusal('identity.key-alliance', {
  en: 'This machine key was issued for another alliance.',
  zh: '该机器密钥属于另一联盟。',
});

export const crossSite = refusal('identity.cross-site', {
  en: 'This request did not come from a page of this site. Reload the page and try again; a program sends the X-CSRF-Token of its session, or a machine key.',
  zh: '该请求并非来自本站页面，请刷新页面后重试；程序须附会话的 X-CSRF-Token 或使用机器密钥。',
});

export const jsonOnly = refusal('identity.json-only', {
  en: 'Send the body as application/json.',
  zh: '请以 application/json 格式提交内容。',
});

export const noSuchProvider = refusal('identity.provider-not-found', {
  en: 'This way of signing in is not offered here.',
  zh: '此处不提供该登录方式。',
});

export const oidcRefused = refusal('identity.oidc-refused', {
  en: 'Your university account could not be confirmed. Start again from the sign-in page.',
  zh: '未能确认您的统一身份，请返回登录页重新开始。',
});

export const notLinked = refusal('identity.not-linked', {
  en: 'This university account is not linked to anybody here. Open the invitation from your secretariat and link it there.',
  zh: '该统一身份尚未与本系统人员关联，请打开秘书处发来的邀请完成关联。',
});

export const linkedElsewhere = refusal('identity.linked-elsewhere', {
  en: 'This university account is linked to somebody else. Ask your secretariat.',
  zh: '该统一身份已与其他人员关联，请联系秘书处。',
});

export const notOfTheDemonstration = refusal('identity.not-found', {
  en: 'This person is not one of the demonstration.',
  zh: '此人不是演示联盟的人员。',
});
