import type { Socket } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerOf, DoorRefusal, languageOf, methodNotAllowed } from './problem.js';
import type { RouteTable } from './routes.js';

const problemType = 'application/problem+json; charset=utf-8';

/** Every failure leaves as problem+json. What is our fault is logged with the request's id; the caller sees neither stack nor cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(private readonly table?: RouteTable) {}

  catch(failure: unknown, host: ArgumentsHost): void {
    this.answer(failure, host.switchToHttp().getRequest<FastifyRequest>(), host.switchToHttp().getResponse<FastifyReply>());
  }

  /** Also for what fails before there is a route: an address that cannot be decoded, for one. */
  answer(failure: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const refusal = this.otherMethods(failure, request) ?? failure;
    const intent = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'act';
    const { problem, headers } = answerOf(refusal, languageOf(request.headers['accept-language']), intent);
    if (problem.status >= 500 && problem.code !== 'server.unavailable')
      this.logger.error(`${request.id} ${request.method} ${request.routeOptions?.url ?? ''}`, (failure as Error).stack);
    if (reply.raw.headersSent) return;
    // It was of the answer that was about to be given.
    reply.removeHeader('etag');
    void reply
      .status(problem.status)
      .headers({ 'cache-control': 'no-store', ...headers })
      .header('content-type', problemType)
      .send(JSON.stringify({ ...problem, instance: `/requests/${request.id}` }));
  }

  private otherMethods(failure: unknown, { method, url }: FastifyRequest): DoorRefusal | undefined {
    if (failure instanceof DoorRefusal || statusOf(failure) !== 404) return undefined;
    const allowed = this.table?.methodsAt(url.split('?', 1)[0] ?? '') ?? [];
    return allowed.length === 0 || allowed.includes(method) ? undefined : methodNotAllowed(allowed);
  }
}

const statusOf = (failure: unknown): unknown => (failure as { status?: unknown } | undefined)?.status;

const unreadable: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What cannot even be read as HTTP, or does not arrive in time, is answered on the wire, and the connection ends. */
export function refuseUnreadable(failure: NodeJS.ErrnoException, socket: Socket): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { problem } = answerOf({ statusCode: unreadable[failure.code ?? ''] ?? 400 }, 'en', 'act');
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
