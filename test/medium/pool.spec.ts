import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { openPool } from '../../libs/kernel/database.postgres.js';

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const farewell = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'));

test('a connection that is lost in the same packet in which it was made ends no process', async () => {
  const dying = createServer((socket) => socket.once('data', () => socket.end(Buffer.concat([welcome, farewell])))).listen(0);
  await once(dying, 'listening');
  const pool = openPool(`postgres://a:a@127.0.0.1:${(dying.address() as AddressInfo).port}/a`, { max: 1 });
  await expect(pool.connect().then((client) => client.query('select 1'))).rejects.toThrow(/connection/i);
  dying.close();
});
