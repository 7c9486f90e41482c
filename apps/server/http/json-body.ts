import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { DoorRefusal } from './problem.js';

/** JSON is UTF-8 (RFC 8259): whatever else arrives would be kept for ever as text that nobody wrote. */
export function takeOnlyUtf8(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset) || !isUtf8(body)) done(notUtf8());
    else void parse(request, body.toString('utf8'), done);
  });
}

const notUtf8 = (): DoorRefusal =>
  new DoorRefusal(415, 'request.media-type', {
    en: 'Send application/json in UTF-8.',
    zh: '请以 UTF-8 编码发送 application/json。',
  });
