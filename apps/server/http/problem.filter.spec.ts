import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import { UnavailableError } from '#kernel';
import { ProblemFilter, refuseUnreadable } from './problem.filter.js';

test('an answer that fails half-way does not say which revision it is of', async () => {
  const app = fastify();
  app.get('/', (request, reply) => {
    void reply.header('etag', '"7"');
    new ProblemFilter().answer(new UnavailableError('later'), request, reply);
  });
  const { status, headers } = await fetch(await app.listen({ port: 0, host: '127.0.0.1' }));
  expect([status, headers.get('retry-after'), headers.get('etag')]).toEqual([503, '1', null]);
  await app.close();
});

test('a request that drips in is told that it was too slow, and its connection ends', async () => {
  const server = createServer({ requestTimeout: 20, headersTimeout: 20, connectionsCheckingInterval: 5 });
  server.on('clientError', refuseUnreadable).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: a\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n.*"code":"request.too-slow"/s);
  server.close();
});
