import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Vault, Views } from '#kernel';
import { cookieWith, Identity, longestSessionMs, type NewSession, peopleOf, type PersonSeen } from '#identity';
import { ShapePipe } from './http/shape.pipe.js';
import { type SessionAnswer, sessionAnswer } from './session.controller.js';
import { nothingHere } from './http/problem.js';
import { placeOf, queryOf, refusalCode } from './sign-in.parts.js';
import { SetPassword, SignIn, SignInToDemonstration, StartOidc } from './sign-in.shapes.js';

const loginCookieMs = 10 * 60_000;

/** The ways in: password, university account, and in the demonstration a click. Each begins a new session. */
@Controller('v1/sign-in')
export class SignInController {
  constructor(
    @Inject(Identity) private readonly identity: Identity,
    @Inject(Views) private readonly views: Views,
    @Inject(Vault) private readonly vault: Vault,
  ) {}

  @Get()
  ways(): object {
    return {
      password: true,
      oidc: this.identity.oidc.offered().map(({ name, title }) => ({ provider: name, title })),
      demonstration: this.identity.demonstration !== undefined,
    };
  }

  @Post()
  @HttpCode(200)
  async withPassword(
    @Body(new ShapePipe(SignIn)) { login, password }: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionAnswer> {
    return this.begun(await this.identity.signIn(login, password, placeOf(request)), reply);
  }

  /** Uses an invitation up: sets name and password. Signing in is another step. */
  @Post('password')
  @HttpCode(204)
  async setPassword(
    @Body(new ShapePipe(SetPassword)) { invitation, login, password }: SetPassword,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.identity.setPassword(invitation, login, password, placeOf(request));
  }

  /** Answers where to send the browser, and binds what comes back to this browser. */
  @Post('oidc/start')
  @HttpCode(200)
  async startOidc(
    @Body(new ShapePipe(StartOidc)) { provider, invitation }: StartOidc,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ readonly location: string }> {
    const { location, token } = await this.identity.startOidc(provider, invitation, placeOf(request));
    const { cookies } = this.identity;
    void reply.header('cache-control', 'no-store').header('set-cookie', cookieWith(cookies, cookies.login, token, loginCookieMs));
    return { location };
  }

  /** Where a university sends the browser back to: on to the console, signed in or with the code of the refusal. */
  @Get('oidc/callback/:provider')
  async finishOidc(
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.status(303).header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    try {
      const begun = await this.identity.finishOidc(provider, queryOf(request), placeOf(request));
      this.setCookies(begun, reply);
      void reply.header('location', '/');
    } catch (failure) {
      void reply.header('location', `/sign-in?refused=${encodeURIComponent(refusalCode(failure))}`);
    }
  }

  /** The people whom a visitor of the demonstration may be. */
  @Get('demonstration')
  async demonstrated(): Promise<{ readonly people: readonly PersonSeen[] }> {
    const { demonstration } = this.identity;
    if (demonstration === undefined) throw nothingHere();
    const people = await peopleOf(this.views, this.vault, demonstration.alliance, { limit: 200 });
    return { people: people.filter(({ status }) => status === 'active') };
  }

  @Post('demonstration')
  @HttpCode(200)
  async withOneClick(
    @Body(new ShapePipe(SignInToDemonstration)) { person }: SignInToDemonstration,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionAnswer> {
    const { demonstration } = this.identity;
    if (demonstration === undefined) throw nothingHere();
    return this.begun(await this.identity.signInToDemonstration(demonstration, person, placeOf(request)), reply);
  }

  private begun(begun: NewSession, reply: FastifyReply): SessionAnswer {
    this.setCookies(begun, reply);
    return sessionAnswer(begun.session);
  }

  private setCookies({ token }: NewSession, reply: FastifyReply): void {
    const { cookies } = this.identity;
    void reply
      .header('cache-control', 'no-store')
      .header('set-cookie', [
        cookieWith(cookies, cookies.session, token, longestSessionMs),
        cookieWith(cookies, cookies.login, '', 0),
      ]);
  }
}
