import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { refuseUnreadable } from './problem.filter.js';

test('a request that drips in is told that it was too slow, and its connection ends', async () => {
  const server = createServer({ requestTimeout: 20, headersTimeout: 20, connectionsCheckingInterval: 5 });
  server.on('clientError', refuseUnreadable).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: a\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n.*"code":"request.too-slow"/s);
  server.close();
});
