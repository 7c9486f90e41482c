import { identityStatuses } from '#identity';
import { DomainError, type Language, type Text, UnavailableError } from '#kernel';

/** RFC 9457, with the sentence in the caller's language as `detail` and both as `text`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly text: Text;
  readonly [member: string]: unknown;
}

export interface Answer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** One field of a body that is not as its shape says. */
export interface Fault {
  /** JSON Pointer into the body. */
  readonly path: string;
  readonly text: Text;
}

/** A request that a door turned away before any rule saw it. */
export class DoorRefusal extends Error {
  override readonly name = 'DoorRefusal';
  constructor(
    readonly status: number,
    readonly code: `${string}.${string}`,
    readonly text: Text,
    readonly members: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${text.en}`);
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The HTTP status of a refusal, by its code. */
export function statusOf(code: string): number {
  const known = identityStatuses[code];
  if (known !== undefined) return known;
  if (code.endsWith('.not-found')) return 404;
  if (code.startsWith('authority.')) return 403;
  if (code.startsWith('search.')) return 400;
  if (code === 'command.stale-revision' || code === 'bulk.changed') return 412;
  if (code.startsWith('shape.') || code === 'bulk.incomplete' || code === 'command.id-reused') return 422;
  return 409;
}

const stated = (status: number, code: string, text: Text, language: Language, members: object = {}): Problem => ({
  ...members,
  type: `/problems/${code}`,
  title: titles[status] ?? 'Refused',
  status,
  code,
  detail: text[language],
  text,
});

/** By what was sent: a command, or a question, which is simply asked again. */
type ByIntent = Readonly<Record<Intent, Text>>;
export type Intent = 'act' | 'read';

const outOfOrder: ByIntent = {
  act: {
    en: 'Something went wrong here, not with your request. Nothing is known to be lost: send it again with the same Idempotency-Key.',
    zh: '系统内部出现故障，并非您的请求有误。请使用相同的幂等键重新发送。',
  },
  read: {
    en: 'Something went wrong here, not with your request. Ask again in a moment.',
    zh: '系统内部出现故障，并非您的请求有误。请稍后重新查询。',
  },
};

const notInTime: ByIntent = {
  act: {
    en: 'The answer did not come in time. Send the same request again with the same Idempotency-Key; it takes effect once.',
    zh: '未能及时得到结果。请使用相同的幂等键重新发送，操作只会生效一次。',
  },
  read: {
    en: 'The answer did not come in time. Ask again in a moment.',
    zh: '未能及时得到结果，请稍后重新查询。',
  },
};

/** What a failure looks like from outside: never a stack, a query, a path or a version. */
export function answerOf(failure: unknown, language: Language, intent: Intent): Answer {
  if (failure instanceof DomainError) {
    const { code, text, details } = failure;
    const retryAfterMs = details['retryAfterMs'];
    return {
      problem: stated(statusOf(code), code, text, language, { details }),
      headers: typeof retryAfterMs === 'number' ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } : {},
    };
  }
  if (failure instanceof DoorRefusal) {
    const { status, code, text, members, headers } = failure;
    return { problem: stated(status, code, text, language, members), headers };
  }
  if (failure instanceof UnavailableError) {
    const retryAfter = String(Math.ceil(failure.retryAfterMs / 1000));
    return { problem: stated(503, 'server.unavailable', notInTime[intent], language), headers: { 'retry-after': retryAfter } };
  }
  const transport = transportRefusal(failure);
  if (transport !== undefined) return answerOf(transport, language, intent);
  return { problem: stated(500, 'server.fault', outOfOrder[intent], language), headers: {} };
}

/** What Fastify and Nest refuse themselves: unreadable bodies, unknown routes. */
function transportRefusal(failure: unknown): DoorRefusal | undefined {
  const { statusCode, status, getStatus } = failure as { statusCode?: unknown; status?: unknown; getStatus?: unknown };
  return answerable(typeof getStatus === 'function' ? status : statusCode);
}

function answerable(number: unknown): DoorRefusal | undefined {
  if (typeof number !== 'number' || number < 400 || number > 499) return undefined;
  const known = transportTexts[number] ?? transportTexts[400];
  return known === undefined ? undefined : new DoorRefusal(number in transportTexts ? number : 400, known.code, known.text);
}

const transportTexts: Readonly<Record<number, { readonly code: `${string}.${string}`; readonly text: Text }>> = {
  400: {
    code: 'request.malformed',
    text: {
      en: 'The request cannot be read. Send well-formed JSON, as /openapi.json describes it.',
      zh: '无法读取该请求。请按 /openapi.json 的说明发送格式正确的 JSON。',
    },
  },
  404: {
    code: 'request.not-found',
    text: {
      en: 'There is nothing under this address. /openapi.json lists every address.',
      zh: '此地址下没有内容。/openapi.json 列有全部地址。',
    },
  },
  408: {
    code: 'request.too-slow',
    text: {
      en: 'The request took too long to arrive. Send it again over a faster line.',
      zh: '请求到达过慢，请在网络较快时重新发送。',
    },
  },
  413: {
    code: 'request.too-large',
    text: {
      en: 'The request is too large. Send files to /v1/files and name them by their SHA-256.',
      zh: '请求过大。请将文件上传至 /v1/files，并以其 SHA-256 引用。',
    },
  },
  414: {
    code: 'request.too-large',
    text: { en: 'The address is too long for anything here.', zh: '地址过长，此处没有这样的内容。' },
  },
  415: {
    code: 'request.media-type',
    text: {
      en: 'Send application/json, or to /v1/files a file as application/octet-stream.',
      zh: '请以 application/json 格式发送；文件请以 application/octet-stream 上传至 /v1/files。',
    },
  },
  431: {
    code: 'request.too-large',
    text: { en: 'The header fields of the request are too large.', zh: '请求头过大。' },
  },
};

/** Neither whether there is something nor what it would be. */
export const nothingHere = (): DoorRefusal =>
  new DoorRefusal(404, 'request.not-found', { en: 'There is nothing here under this address.', zh: '此地址下没有内容。' });

/** What Fastify would say of a request that it cannot read. */
export const malformed = (): DoorRefusal => answerable(400) as DoorRefusal;

/** An address that is there, but not for this method. */
export const methodNotAllowed = (allowed: readonly string[]): DoorRefusal =>
  new DoorRefusal(
    405,
    'request.method-not-allowed',
    {
      en: `This address does not take that method, but ${allowed.join(', ')}.`,
      zh: `此地址不接受该方法，可用：${allowed.join('、')}。`,
    },
    {},
    { allow: allowed.join(', ') },
  );

/** The language a caller asked for, by the weights they gave; English where they named neither. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const asked = (acceptLanguage ?? '').slice(0, 500).toLowerCase();
  const weightOf = (language: Language): number => {
    const found = new RegExp(`(?:^|,)\\s*${language}(?:-[a-z0-9-]*)?\\s*(?:;\\s*q=([01](?:\\.\\d{1,3})?))?\\s*(?=,|$)`).exec(
      asked,
    );
    if (found === null) return 0;
    // Of two with one weight the first is meant.
    return Number(found[1] ?? 1) - found.index / 1_000_000;
  };
  return weightOf('zh') > weightOf('en') ? 'zh' : 'en';
}
