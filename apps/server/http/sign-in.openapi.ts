import { type TSchema, Type } from '@sinclair/typebox';
import type { Shape, Text } from '#kernel';
import { Instant, TextSchema } from '../reads/schemas.js';
import {
  IssueKey,
  Nothing,
  RevokeKey,
  RevokeSession,
  SetPassword,
  SignIn,
  SignInToDemonstration,
  StartOidc,
} from '../sign-in.shapes.js';

/** A route that is written by hand, as the document says it. */
export interface DescribedRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: Text;
  readonly open?: true;
  readonly shape?: Shape;
  readonly status: 200 | 201 | 204 | 303;
  readonly answer?: TSchema;
  readonly mediaType?: string;
  /** Header fields beside those of every request, by their component's name. */
  readonly headers?: readonly ('Alliance' | 'IdempotencyKey' | 'LastEventId')[];
}

const Session = Type.Object({
  person: Type.String(),
  session: Type.String(),
  method: Type.String(),
  signedInAt: Instant,
  endsAt: Instant,
  csrfToken: Type.String({ description: 'To be sent as X-CSRF-Token with every write.' }),
});

const SessionSeen = Type.Object({
  session: Type.String(),
  current: Type.Boolean(),
  method: Type.String(),
  agent: Type.String(),
  signedInAt: Instant,
  lastSeenAt: Instant,
});

const Key = Type.Object({
  id: Type.String(),
  person: Type.String(),
  alliance: Type.String(),
  name: Type.String(),
  powers: Type.Array(Type.String()),
  network: Type.Optional(Type.String()),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Type.Optional(Instant),
});

const Ways = Type.Object({
  password: Type.Boolean(),
  demonstration: Type.Boolean(),
  oidc: Type.Array(Type.Object({ provider: Type.String(), title: TextSchema })),
});

const People = Type.Object({
  people: Type.Array(Type.Object({ person: Type.String(), status: Type.String(), name: Type.Optional(TextSchema) })),
});

const signIn = (
  method: 'get' | 'post',
  path: string,
  operationId: string,
  summary: Text,
  rest: Pick<DescribedRoute, 'status'> & Partial<DescribedRoute>,
): DescribedRoute => ({ method, path, operationId, tag: 'sign-in', summary, ...rest });

/** Ways in and out, keys, health, live updates: the routes that are not made from messages. */
export const describedRoutes: readonly DescribedRoute[] = [
  signIn(
    'get',
    '/v1/sign-in',
    'listWaysIn',
    { en: 'Which ways in there are', zh: '可用的登录方式' },
    { open: true, status: 200, answer: Ways },
  ),
  signIn(
    'post',
    '/v1/sign-in',
    'signIn',
    { en: 'Sign in with a password', zh: '使用密码登录' },
    { open: true, shape: SignIn, status: 200, answer: Session },
  ),
  signIn(
    'post',
    '/v1/sign-in/password',
    'setPassword',
    { en: 'Set name and password with an invitation', zh: '凭邀请设置用户名和密码' },
    { open: true, shape: SetPassword, status: 204 },
  ),
  signIn(
    'post',
    '/v1/sign-in/oidc/start',
    'startOidc',
    { en: 'Begin to sign in with a university account', zh: '开始使用学校账号登录' },
    { open: true, shape: StartOidc, status: 200, answer: Type.Object({ location: Type.String() }) },
  ),
  signIn(
    'get',
    '/v1/sign-in/oidc/callback/{provider}',
    'finishOidc',
    { en: 'Where a university sends the browser back to', zh: '学校登录完成后的返回地址' },
    { open: true, status: 303 },
  ),
  signIn(
    'get',
    '/v1/sign-in/demonstration',
    'listDemonstrated',
    { en: 'The people a visitor of the demonstration may be', zh: '演示中可以扮演的人员' },
    { open: true, status: 200, answer: People },
  ),
  signIn(
    'post',
    '/v1/sign-in/demonstration',
    'signInToDemonstration',
    { en: 'Sign in to the demonstration with one click', zh: '一键登录演示' },
    { open: true, shape: SignInToDemonstration, status: 200, answer: Session },
  ),
  signIn('get', '/v1/session', 'readSession', { en: 'The current session', zh: '当前会话' }, { status: 200, answer: Session }),
  signIn(
    'post',
    '/v1/session/sign-out',
    'signOut',
    { en: 'Sign out', zh: '退出登录' },
    { open: true, shape: Nothing, status: 204 },
  ),
  signIn(
    'get',
    '/v1/sessions',
    'listSessions',
    { en: 'Your sessions', zh: '您的全部会话' },
    { status: 200, answer: Type.Object({ sessions: Type.Array(SessionSeen) }) },
  ),
  signIn(
    'post',
    '/v1/sessions/revoke',
    'revokeSession',
    { en: 'End one of your sessions', zh: '结束您的某个会话' },
    { shape: RevokeSession, status: 204 },
  ),
  signIn(
    'get',
    '/v1/keys',
    'listKeys',
    { en: 'Your machine keys', zh: '您的机器密钥' },
    { status: 200, answer: Type.Object({ keys: Type.Array(Key) }) },
  ),
  signIn(
    'post',
    '/v1/keys',
    'issueKey',
    { en: 'Issue a machine key; it is shown once', zh: '签发机器密钥（仅显示一次）' },
    { shape: IssueKey, status: 201, answer: Type.Object({ token: Type.String(), key: Key }) },
  ),
  signIn(
    'post',
    '/v1/keys/revoke',
    'revokeKey',
    { en: 'Revoke one of your machine keys', zh: '吊销您的某个机器密钥' },
    { shape: RevokeKey, status: 204 },
  ),
  signIn(
    'post',
    '/v1/person/{id}/invitation',
    'invitePerson',
    { en: 'Invite a person to set a password or link an account', zh: '邀请某人设置密码或关联账号' },
    {
      shape: Nothing,
      status: 201,
      answer: Type.Object({ token: Type.String(), expiresAt: Instant }),
      headers: ['Alliance', 'IdempotencyKey'],
    },
  ),
  {
    method: 'get',
    path: '/health',
    operationId: 'readHealth',
    tag: 'operation',
    summary: { en: 'Whether the server is ready', zh: '服务是否就绪' },
    open: true,
    status: 200,
    answer: Type.Object({
      status: Type.String(),
      views: Type.Union([Type.Literal('following'), Type.Literal('stuck')]),
      stuck: Type.Optional(Type.Array(Type.String(), { description: 'The views that fail at their next event, and try again.' })),
    }),
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'readOpenApi',
    tag: 'operation',
    summary: { en: 'This document', zh: '本文档' },
    open: true,
    status: 200,
    answer: Type.Object({ openapi: Type.String() }),
  },
  {
    method: 'get',
    path: '/v1/alliances/{alliance}/live',
    operationId: 'followLive',
    tag: 'operation',
    summary: { en: 'Server-sent events: which cases and rounds have changed', zh: '服务器推送：哪些案件与轮次有变化' },
    status: 200,
    mediaType: 'text/event-stream',
    answer: Type.String(),
    headers: ['LastEventId'],
  },
];
