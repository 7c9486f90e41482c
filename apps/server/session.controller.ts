import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  cookieWith,
  Identity,
  keyNotEnough,
  keyNotFound,
  longestSessionMs,
  type MachineKey,
  notSignedIn,
  personContext,
  type Session,
  type SignedIn,
} from '#identity';
import { Callers } from './http/callers.js';
import { ShapePipe } from './http/shape.pipe.js';
import { placeOf } from './sign-in.parts.js';
import { IssueKey, Nothing, RevokeKey, RevokeSession } from './sign-in.shapes.js';

const instant = (ms: number): string => new Date(ms).toISOString();

export interface SessionAnswer {
  readonly person: string;
  readonly session: string;
  readonly method: string;
  readonly signedInAt: string;
  /** At the latest; half an hour without a request ends it earlier. */
  readonly endsAt: string;
  /** To be sent as X-CSRF-Token with every write. */
  readonly csrfToken: string;
}

export const sessionAnswer = ({ id, person, method, signedInAt, csrfToken }: Session & { csrfToken: string }): SessionAnswer => ({
  person,
  session: id,
  method,
  signedInAt: instant(signedInAt),
  endsAt: instant(signedInAt + longestSessionMs),
  csrfToken,
});

const keyAnswer = ({ createdAt, expiresAt, lastUsedAt, ...key }: MachineKey) => ({
  ...key,
  createdAt: instant(createdAt),
  expiresAt: instant(expiresAt),
  ...(lastUsedAt === undefined ? {} : { lastUsedAt: instant(lastUsedAt) }),
});

/** What a person who is signed in may know and do about their own sessions, keys and, under a power, invitations. */
@Controller('v1')
export class SessionController {
  constructor(
    @Inject(Identity) private readonly identity: Identity,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Get('session')
  async current(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionAnswer> {
    void reply.header('cache-control', 'no-store');
    return sessionAnswer(await this.ownSession(request));
  }

  /** Ends the session, if there is one, and removes its cookie. */
  @Post('session/sign-out')
  @HttpCode(204)
  async signOut(
    @Body(new ShapePipe(Nothing)) _body: Nothing,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.callers.signedIn(request);
    await this.identity.signOut(placeOf(request));
    const { cookies } = this.identity;
    void reply.header('cache-control', 'no-store').header('set-cookie', cookieWith(cookies, cookies.session, '', 0));
  }

  @Get('sessions')
  async sessions(@Req() request: FastifyRequest): Promise<object> {
    const { id: current, person } = await this.ownSession(request);
    const sessions = await this.identity.sessions.list(person);
    return {
      sessions: sessions.map(({ id, method, agent, signedInAt, lastSeenAt }) => ({
        session: id,
        current: id === current,
        method,
        agent,
        signedInAt: instant(signedInAt),
        lastSeenAt: instant(lastSeenAt),
      })),
    };
  }

  @Post('sessions/revoke')
  @HttpCode(204)
  async revokeSession(
    @Body(new ShapePipe(RevokeSession)) { session }: RevokeSession,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { person } = await this.ownSession(request);
    if (!(await this.identity.sessions.revoke(person, session))) throw keyNotFound();
  }

  @Get('keys')
  async keys(@Req() request: FastifyRequest): Promise<object> {
    const { person } = await this.ownSession(request);
    return { keys: (await this.identity.keys.list(person)).map(keyAnswer) };
  }

  /** The key itself is in this answer and in no other. */
  @Post('keys')
  @HttpCode(201)
  async issueKey(
    @Body(new ShapePipe(IssueKey)) { expiresAt, ...order }: IssueKey,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { person, method } = await this.ownSession(request);
    const { token, key } = await this.identity.keys.issue(person, { ...order, expiresAt: Date.parse(expiresAt) }, method);
    void reply.header('cache-control', 'no-store');
    return { token, key: keyAnswer(key) };
  }

  @Post('keys/revoke')
  @HttpCode(204)
  async revokeKey(@Body(new ShapePipe(RevokeKey)) { key }: RevokeKey, @Req() request: FastifyRequest): Promise<void> {
    const { person } = await this.ownSession(request);
    if (!(await this.identity.keys.revoke(person, key))) throw keyNotFound();
  }

  /** Invites a person under the power to register people. The token is in this answer and in no other. */
  @Post('person/:id/invitation')
  @HttpCode(201)
  async invite(
    @Param('id') id: string,
    @Body(new ShapePipe(Nothing)) _body: Nothing,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    await this.ownSession(request);
    const caller = await this.callers.callerOf(request, personContext, id, undefined);
    const { token, expiresAt } = await this.identity.invite(`person-${id}`, caller);
    void reply.header('cache-control', 'no-store');
    return { token, expiresAt: instant(expiresAt) };
  }

  /** What opens doors is given to people only: a key that made keys could not be revoked. */
  private async ownSession(request: FastifyRequest): Promise<NonNullable<SignedIn['session']>> {
    const signedIn = await this.callers.signedIn(request);
    if (signedIn?.session !== undefined) return signedIn.session;
    throw signedIn === undefined ? notSignedIn() : keyNotEnough();
  }
}
