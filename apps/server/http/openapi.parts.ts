import { officePattern } from './callers.js';
import type { Schema } from './shape.schemas.js';

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export const json = (schema: unknown): Schema => ({ 'application/json': { schema } });

/** `SubmitApplication` → `submit-application` */
export const dashed = (name: string): string => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

const problems = {
  Malformed: 'The request cannot be read.',
  SignInRequired: 'Nobody is signed in.',
  NotForCaller: 'The charter does not give the caller this power, or this is not for the caller.',
  NothingHere: 'There is nothing here, or nothing that the caller may know of.',
  RuleSaysNo: 'A rule says no; the sentence says what to do.',
  ChangedSince: 'It has changed since it was read: read it again, and decide on what it says now.',
  TooLarge: 'The request is too large.',
  WrongMediaType: 'The body is of another media type.',
  WrongShape: 'A field is not as it must be, or the Idempotency-Key was used for another command.',
  RevisionRequired: 'If-Match is missing.',
  TooMany: 'Too many failed attempts; Retry-After says when to try again.',
  NotInTime: 'No answer in time, and nothing is known to have failed: send it again after Retry-After.',
} as const;

export type ProblemName = keyof typeof problems;

const statuses: Readonly<Record<ProblemName, number>> = {
  Malformed: 400,
  SignInRequired: 401,
  NotForCaller: 403,
  NothingHere: 404,
  RuleSaysNo: 409,
  ChangedSince: 412,
  TooLarge: 413,
  WrongMediaType: 415,
  WrongShape: 422,
  RevisionRequired: 428,
  TooMany: 429,
  NotInTime: 503,
};

/** References to what may go wrong, by status. */
export const refusals = (...names: readonly ProblemName[]): Schema =>
  Object.fromEntries(names.map((name) => [statuses[name], { $ref: `#/components/responses/${name}` }]));

const retryAfter = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } } };

export const etag: Schema = {
  ETag: {
    description: 'Revision of what is shown: send it as If-Match with what is decided on it.',
    schema: { type: 'string' },
  },
};

/** Header fields of refusals, by what is refused. */
const fields: Partial<Readonly<Record<ProblemName, Schema>>> = {
  SignInRequired: { 'WWW-Authenticate': { description: 'How to show who asks.', schema: { type: 'string' } } },
  TooMany: retryAfter,
  NotInTime: retryAfter,
};

export const sharedResponses: Schema = Object.fromEntries(
  Object.entries(problems).map(([name, description]) => [
    name,
    {
      description,
      ...(fields[name as ProblemName] === undefined ? {} : { headers: fields[name as ProblemName] }),
      content: { 'application/problem+json': { schema: ref('Problem') } },
    },
  ]),
);

const bothLanguages = {
  type: 'object',
  required: ['en', 'zh'],
  properties: { en: { type: 'string' }, zh: { type: 'string' } },
};

export const sharedSchemas: Readonly<Record<string, Schema>> = {
  Receipt: {
    type: 'object',
    required: ['stream', 'revision', 'position', 'events'],
    properties: {
      stream: { type: 'string', description: 'The stream that the command was decided on.' },
      revision: { type: 'integer', minimum: -1, description: 'Revision of its last event; send it as If-Match.' },
      position: { type: 'string', pattern: '^\\d+$', description: 'Place of that event in the log; send it as Entente-After.' },
      events: { type: 'array', items: { type: 'string', format: 'uuid' } },
    },
    examples: [
      {
        stream: 'round-gdmooc.spring-2026',
        revision: 0,
        position: '4711',
        events: ['0198c7c2-5f8e-7cc3-98c4-dc0c0c07398f'],
      },
    ],
  },
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail', 'text', 'instance'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      code: { type: 'string', description: 'Stable: codes are added, never changed.', examples: ['authority.no-seat'] },
      detail: { type: 'string', description: 'What to do, in the language asked for.' },
      text: { ...bothLanguages, description: 'The same sentence in both languages.' },
      instance: { type: 'string', description: 'The request, for whoever runs the installation.' },
      details: { type: 'object', description: 'What the sentence speaks of, for machines.' },
      faults: {
        type: 'array',
        maxItems: 20,
        items: {
          type: 'object',
          required: ['path', 'text'],
          properties: { path: { type: 'string', description: 'JSON Pointer into the body.' }, text: bothLanguages },
        },
      },
    },
  },
};

const header = (name: string, description: string, more: Schema = {}, schema: Schema = {}): Schema => ({
  name,
  in: 'header',
  description,
  ...more,
  schema: { type: 'string', ...schema },
});

const revision = { pattern: '^"-?\\d{1,9}"$' };

export const sharedParameters: Schema = {
  StreamId: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'What follows the category in the name of the stream: the alliance, or the alliance, a dot and the rest.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$' },
  },
  IdempotencyKey: header(
    'Idempotency-Key',
    'The same key again at the same address is the same command again, and gets the first receipt. A command that was refused or changed nothing left none: sent again, it is decided by what holds then. At another address it is another command.',
    {},
    { pattern: '^[\\x21-\\x7e]{8,200}$' },
  ),
  IfMatch: header('If-Match', 'The ETag that was read; 412 if it has changed since.', {}, revision),
  IfMatchRequired: header(
    'If-Match',
    'The ETag that was read; 428 if missing, 412 if it has changed since.',
    { required: true },
    revision,
  ),
  OnBehalfOf: header(
    'Entente-On-Behalf-Of',
    'The office of a member institution for which the secretariat acts; both are put on record.',
    {},
    { pattern: officePattern, examples: ['organ-gdmooc.deans-office.4144010558'] },
  ),
  Alliance: header(
    'Entente-Alliance',
    'The alliance under whose charter the caller acts: people belong to no alliance.',
    { required: true },
    { pattern: '^[a-z0-9-]{1,60}$' },
  ),
  LastEventId: header(
    'Last-Event-ID',
    'The last `id` that was heard: what came after it is told, or `reset` where that is too much.',
  ),
  After: header('Entente-After', 'The position of a receipt that the answer must include.', {}, { pattern: '^\\d{1,18}$' }),
  AcceptLanguage: header('Accept-Language', 'zh or en.', {}, { examples: ['zh-CN'] }),
};

export const securitySchemes: Schema = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-entente',
    description: 'A session, together with its X-CSRF-Token on writes. On this machine, over http, the cookie is called entente.',
  },
  machineKey: { type: 'http', scheme: 'bearer', description: 'A machine key: Authorization: Bearer uak_…' },
};
