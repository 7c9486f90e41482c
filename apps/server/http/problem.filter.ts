import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerOf, languageOf } from './problem.js';

/** Every failure leaves as problem+json. What is our fault is logged with the request's id; the caller sees neither stack nor cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(failure: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { problem, headers } = answerOf(failure, languageOf(request.headers['accept-language']));
    if (problem.status >= 500)
      this.logger.error(`${request.id} ${request.method} ${request.routeOptions.url ?? ''}`, (failure as Error).stack);
    if (reply.raw.headersSent) return;
    void reply
      .status(problem.status)
      .headers(headers)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify({ ...problem, instance: `/requests/${request.id}` }));
  }
}
