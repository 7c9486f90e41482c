import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type DynamicModule, type LogLevel, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Identity, openIdentity, proofOfDemonstration } from '#identity';
import { Clock, CommandHandling, fileBytesAtMost, Files, SystemClock, Vault, Views } from '#kernel';
import type { WorkflowRuntime } from '#workflow';
import { allContexts } from './contexts.js';
import { demonstrated, demonstrationAlliance } from './demonstration.js';
import { type Engines, openEngines } from './engines.js';
import { Callers } from './http/callers.js';
import { commandsController } from './http/commands.controller.js';
import { contextModule } from './http/context.module.js';
import { liveController } from './http/live.controller.js';
import { takeOnlyUtf8 } from './http/json-body.js';
import { openApiOf } from './http/openapi.js';
import { malformed } from './http/problem.js';
import { ProblemFilter, refuseUnreadable } from './http/problem.filter.js';
import { readsController } from './http/reads.controller.js';
import { type Route, RouteTable } from './http/routes.js';
import { securityHeaders } from './http/security-headers.js';
import { allReads } from './reads/all.reads.js';
import type { Doors } from './reads/doors.js';
import { fileMediaType } from './reads/file.reads.js';
import type { RunningSettings } from './settings.js';
import { SessionController } from './session.controller.js';
import { SignInController } from './sign-in.controller.js';

export interface RunningServer {
  /** Where people reach it. */
  readonly url: string;
  /** Everything it answers to. */
  readonly routes: readonly Route[];
  /** Carries out what workflows owe, where that is done in this process. */
  readonly workflow: WorkflowRuntime | undefined;
  close(): Promise<void>;
}

/** The folder of the installation, wherever in it this file stands: built or not. */
function projectFolder(start: string): string {
  return existsSync(join(start, 'package.json')) ? start : projectFolder(dirname(start));
}

const project = projectFolder(import.meta.dirname);
const consoleFolder = join(project, 'dist', 'console');
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };

/** The document that `GET /openapi.json` gives, which needs no database. */
export const openApiDocument = (): object => openApiOf(allContexts, allReads({} as Doors), version);

/** What a rehearsal of invented people in the same process may ask for, and no setting. */
export interface RehearsalTerms {
  /** Whose people sign in with one click. */
  readonly alliance: string;
  /** Behind the other clock, nothing the workflow does comes between the acts of people. */
  readonly due: Clock;
}

/**
 * Opens the engines, lays out the demonstration where that is wanted and the log is empty, and listens.
 *
 * @throws Hindrance where the demonstration was asked for on a log that holds something else
 */
export async function startServer(
  settings: RunningSettings,
  clock: Clock = new SystemClock(),
  rehearsal?: RehearsalTerms,
): Promise<RunningServer> {
  const engines = await openEngines(settings, clock);
  const ending = new AbortController();
  let upkeep: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    ending.abort();
    await upkeep;
    await engines.close();
  };
  try {
    const report = (failure: unknown): void => console.error(failure);
    const demonstration = rehearsal?.alliance ?? (await demonstrated(settings.demonstration, engines));
    const identity = identityOf(settings, engines, demonstration);
    const workflow =
      settings.worker === 'inside' ? engines.follow(report, rehearsal && { due: rehearsal.due, pace: { atOnce: 1 } }) : undefined;
    upkeep = identity.keepUp(ending.signal, report);
    const { app, routes } = await opened({ ...engines, identity, ...(demonstration ? { demonstration } : {}) }, settings);
    await app.listen(settings.port, settings.host);
    const url = settings.publicUrl ?? `http://localhost:${new URL(await app.getUrl()).port}`;
    const close = (): Promise<void> => emptied(app).finally(end);
    return { url, routes, workflow, close };
  } catch (failure) {
    await end();
    throw failure;
  }
}

const answeredWithinMs = 3_000;

/** How long a request may take to arrive, and nothing of its answer be taken: a file over a slow line, and nobody who holds a connection for nothing. */
const patienceMs = 120_000;

/** Lets nobody new in, answers whoever is in, and after a while cuts off those who do not go. */
async function emptied(app: NestFastifyApplication): Promise<void> {
  const until = Date.now() + answeredWithinMs;
  const server = app.getHttpServer();
  // A connection that has had its answer is idle, and would be kept for the next request.
  const sweep = (): void => (Date.now() < until ? server.closeIdleConnections() : server.closeAllConnections());
  const sweeping = setInterval(sweep, 25);
  try {
    await app.close();
  } finally {
    clearInterval(sweeping);
  }
}

const logged: Readonly<Record<RunningSettings['logLevel'], LogLevel[]>> = {
  error: ['error'],
  warn: ['error', 'warn'],
  info: ['error', 'warn', 'log'],
  debug: ['error', 'warn', 'log', 'debug'],
};

async function opened(
  doors: Doors,
  settings: RunningSettings,
): Promise<{ app: NestFastifyApplication; routes: readonly Route[] }> {
  const table = new RouteTable();
  const filter = new ProblemFilter(table);
  const adapter = new FastifyAdapter({
    bodyLimit: 512 * 1024,
    requestTimeout: patienceMs,
    connectionTimeout: patienceMs,
    trustProxy: [...settings.trustedProxies],
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (failure: Error, request: FastifyRequest, reply: FastifyReply) => filter.answer(failure, request, reply),
  });
  table.hear(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(appModule(doors), adapter, {
    bodyParser: false,
    logger: logged[settings.logLevel],
  });
  app.useGlobalFilters(filter);
  await prepare(app, settings);
  return { app, routes: table.routes };
}

const identityOf = (settings: RunningSettings, engines: Engines, demonstration: string | undefined): Identity =>
  openIdentity({
    pool: engines.pool,
    clock: engines.clock,
    states: engines.states,
    tail: engines.tail,
    vault: engines.vault,
    commands: engines.handling,
    publicUrl: settings.publicUrl ?? `http://localhost:${settings.port}`,
    oidcProviders:
      settings.oidc === undefined
        ? []
        : [{ name: 'university', title: { en: 'University account', zh: '学校统一身份认证' }, ...settings.oidc }],
    demonstration: proofOfDemonstration({
      demonstration: demonstration !== undefined,
      alliance: demonstration ?? demonstrationAlliance,
    }),
  });

function appModule(doors: Doors): DynamicModule {
  @Module({})
  class AppModule {}
  const reads = allReads(doors);
  const contextModules = allContexts.map(contextModule);
  const document = JSON.stringify(openApiOf(allContexts, reads, version));
  const shared = {
    module: class DoorsModule {},
    global: true,
    providers: [
      { provide: CommandHandling, useValue: doors.handling },
      { provide: Identity, useValue: doors.identity },
      { provide: Clock, useValue: doors.clock },
      { provide: Views, useValue: doors.runner },
      { provide: Vault, useValue: doors.vault },
      { provide: Files, useValue: doors.files },
      Callers,
    ],
    exports: [CommandHandling, Identity, Clock, Views, Vault, Files, Callers],
  };
  return {
    module: AppModule,
    imports: [shared, CqrsModule.forRoot(), ...contextModules.map(({ module }) => module)],
    controllers: [
      ...contextModules.map(commandsController),
      readsController(reads),
      liveController(doors, document),
      SignInController,
      SessionController,
    ],
  };
}

async function prepare(app: NestFastifyApplication, settings: RunningSettings): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  takeOnlyUtf8(fastify);
  // What a foreign page's form could send is not even read.
  fastify.removeContentTypeParser('text/plain');
  // A file is taken as it streams in, and bounded where it is kept.
  fastify.addContentTypeParser(fileMediaType, { bodyLimit: fileBytesAtMost }, (_request, content, done) => done(null, content));
  const { ofPages, ofData } = securityHeaders(settings.publicUrl?.startsWith('https:') === true);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(request.url.startsWith('/v1/') ? ofData : ofPages);
    // No text of the database can hold it, so no address means anything by it.
    done(request.url.includes('%00') ? malformed() : undefined);
  });
  if (!existsSync(consoleFolder)) return;
  await app.register(fastifyStatic, {
    ...{ root: consoleFolder, wildcard: false, cacheControl: false, etag: true },
    // Their names hold the hash of what is in them.
    setHeaders: (reply, path) =>
      path.includes('/assets/') && reply.header('cache-control', 'public, max-age=31536000, immutable'),
    preCompressed: true,
  });
  consolePages(app);
}

/** The console's own addresses: a browser that opens one gets the console, which knows what to show there. */
function consolePages(app: NestFastifyApplication): void {
  const file = join(consoleFolder, 'index.html');
  if (!existsSync(file)) return;
  const page = readFileSync(file, 'utf8');
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      const navigates = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
      if (!navigates || notPages.test(request.url)) return done();
      void reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
    });
}

const notPages = /^\/(v1|health|openapi\.json|assets)(\/|\?|$)/;
