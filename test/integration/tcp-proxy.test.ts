/** The broken network of the tests breaks as it says, or what is tested behind it proves nothing. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

let proxy: TcpProxy;
let closers: (() => unknown)[];

/** Says everything that it hears. */
async function echo(prefix = ''): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => socket.write(`${prefix}${chunk}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function client() {
  const socket: Socket = connect(proxy.port, '127.0.0.1');
  closers.push(() => socket.destroy());
  const heard = { text: '', code: '' };
  socket.on('data', (chunk) => {
    heard.text += chunk.toString();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    heard.code = error.code ?? '';
  });
  // Whoever is refused has no connection at all.
  await once(socket, 'connect').catch(() => {});
  return { socket, heard, hears: (text: string) => waitUntil(text, () => heard.text === text) };
}

beforeEach(async () => {
  closers = [];
  proxy = await startTcpProxy(await echo());
  closers.push(() => proxy.close());
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

test('what is said while it stalls is heard when it goes on', async () => {
  const { socket, heard, hears } = await client();
  socket.write('a');
  await hears('a');
  proxy.stall();
  socket.write('b');
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard.text).toBe('a');
  proxy.heal();
  await hears('ab');
});

test('a connection of which something has vanished is reset when the network is good again, and others go on', async () => {
  const [torn, other] = [await client(), await client()];
  other.socket.write('x');
  await other.hears('x');
  torn.socket.write('a');
  await torn.hears('a');
  proxy.blackHole();
  torn.socket.write('b');
  await waitUntil('it has vanished', () => torn.socket.bytesWritten === 2 && proxy.torn() > 0);
  proxy.heal();
  await waitUntil('the reset', () => torn.heard.code === 'ECONNRESET');
  other.socket.write('y');
  await other.hears('xy');
});

test('whoever is refused is reset, those who were connected too, until all is well', async () => {
  const before = await client();
  proxy.refuse();
  await waitUntil('the reset', () => before.heard.code === 'ECONNRESET');
  const during = await client();
  await waitUntil('another', () => during.heard.code === 'ECONNRESET');
  proxy.heal();
  const after = await client();
  after.socket.write('a');
  await after.hears('a');
});

test('what is late keeps its order, and whoever is led elsewhere reaches that', async () => {
  proxy.delay(20);
  const { socket, hears } = await client();
  for (const word of ['a', 'b', 'c']) socket.write(word);
  await hears('abc');
  proxy.leadTo(await echo('> '));
  proxy.cut();
  const next = await client();
  next.socket.write('a');
  await next.hears('> a');
});
