import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock, commandIdOf, type Context, institutionCode, type PersonCaller, uuidv7 } from '#kernel';
import { Identity, type RequestParts, requireKeyFor, type SignedIn } from '#identity';
import { DoorRefusal } from './problem.js';

/** Establishes who sends a request: session cookie or machine key, never a name in the body. */
@Injectable()
export class Callers {
  constructor(
    @Inject(Identity) private readonly identity: Identity,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The person or key behind a request, if there is one. @throws DoorRefusal for a forged or foreign request */
  signedIn(request: FastifyRequest): Promise<SignedIn | undefined> {
    return this.identity.authenticate(new PartsOf(request));
  }

  /** As `signedIn`, where a person is needed. */
  async person(request: FastifyRequest): Promise<SignedIn> {
    const signedIn = await this.signedIn(request);
    if (signedIn === undefined) throw signInFirst();
    return signedIn;
  }

  /** The caller of a command, with the id under which a retry is recognised. */
  async callerOf(
    request: FastifyRequest,
    { decider }: Context,
    id: string,
    ifRevision: number | undefined,
  ): Promise<PersonCaller> {
    const signedIn = await this.person(request);
    const alliance = decider.shared === true ? allianceNamed(request) : (id.split('.')[0] as string);
    requireKeyFor(signedIn, alliance);
    const key = single(request.headers['idempotency-key']);
    if (key !== undefined && !/^[\x21-\x7e]{8,200}$/.test(key)) throw malformedKey();
    const caller = personCaller(request, signedIn, alliance);
    const commandId = key === undefined ? uuidv7(this.clock.now()) : commandIdOf(key, caller.actor, `${decider.category}-${id}`);
    return ifRevision === undefined ? { commandId, ...caller } : { commandId, ifRevision, ...caller };
  }
}

/** What a request says of its sender, read off it when it is asked for: an address behind proxies takes a while to find. */
class PartsOf implements RequestParts {
  constructor(private readonly request: FastifyRequest) {}
  get method(): string {
    return this.request.method;
  }
  get ip(): string {
    return this.request.ip;
  }
  get cookie(): string | undefined {
    return this.request.headers.cookie;
  }
  get authorization(): string | undefined {
    return this.request.headers.authorization;
  }
  get origin(): string | undefined {
    return this.request.headers.origin;
  }
  get fetchSite(): string | undefined {
    return single(this.request.headers['sec-fetch-site']);
  }
  get csrfToken(): string | undefined {
    return single(this.request.headers['x-csrf-token']);
  }
  get contentType(): string | undefined {
    return this.request.headers['content-type'];
  }
}

/** Everything of a caller but the id of the command. @throws DoorRefusal for an office that cannot be one */
export function personCaller(
  request: FastifyRequest,
  { person, key }: SignedIn,
  alliance: string,
): Omit<PersonCaller, 'commandId' | 'ifRevision'> {
  const onBehalfOf = single(request.headers['entente-on-behalf-of']);
  if (onBehalfOf !== undefined && !new RegExp(officePattern).test(onBehalfOf)) throw malformedOffice();
  return {
    kind: 'person',
    actor: key?.actor ?? person,
    principal: person,
    alliance,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    ...(key === undefined ? {} : { powers: key.powers }),
  };
}

/** The office of a member: an organ that exists once for each institution. */
export const officePattern = `^organ-[a-z0-9-]{1,60}\\.[a-z0-9-]{1,60}\\.${institutionCode.source.slice(1)}`;

/** Of a header that was sent several times, the first. */
export const single = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.[0];

/** People belong to no alliance; which one's powers are used, the sender says. */
function allianceNamed(request: FastifyRequest): string {
  const alliance = single(request.headers['entente-alliance']);
  if (alliance !== undefined && /^[a-z0-9-]{1,60}$/.test(alliance)) return alliance;
  throw new DoorRefusal(400, 'request.alliance-missing', {
    en: 'Name the alliance under whose charter you act, in the header Entente-Alliance.',
    zh: '请在 Entente-Alliance 请求头中写明您依据哪个联盟的章程行事。',
  });
}

const signInFirst = (): DoorRefusal =>
  new DoorRefusal(
    401,
    'request.sign-in-required',
    { en: 'Sign in first, or send a machine key.', zh: '请先登录，或使用机器密钥。' },
    {},
    { 'www-authenticate': 'Bearer realm="entente"' },
  );

const malformedOffice = (): DoorRefusal =>
  new DoorRefusal(400, 'request.malformed', {
    en: 'Entente-On-Behalf-Of names the office of a member institution, as organ-gdmooc.deans-office.4144010558.',
    zh: 'Entente-On-Behalf-Of 须写明成员单位的部门，例如 organ-gdmooc.deans-office.4144010558。',
  });

const malformedKey = (): DoorRefusal =>
  new DoorRefusal(400, 'request.malformed', {
    en: 'Idempotency-Key must be 8 to 200 printable ASCII characters without spaces; a UUID does well.',
    zh: 'Idempotency-Key 须为 8 至 200 个不含空格的可打印 ASCII 字符，建议使用 UUID。',
  });
