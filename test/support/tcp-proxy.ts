/**
 * A TCP proxy that behaves as a broken network does: it falls silent while connections stay open, stalls and goes on,
 * is slow, hands over what the server says byte by byte, cuts it off in the middle, or lets nobody in.
 */
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  readonly port: number;
  /** From now on bytes vanish in both directions; nobody is told. */
  blackHole(): void;
  /** From now on each byte that the server says is a packet of its own. */
  slice(): void;
  /** Once the server has said so many more bytes, its connection is reset. */
  resetAfter(bytes: number): void;
  /** From now on whatever is said, by either side, is heard so much later. */
  delay(ms: number): void;
  /** Bytes wait on both sides until all is well again, as while a route is gone for a moment. */
  stall(): void;
  /** Connections are reset, and so is each new one. */
  refuse(): void;
  /** Connections are reset; whoever comes anew is let in. */
  cut(): void;
  /** Whoever connects from now on reaches this port. */
  leadTo(port: number): void;
  /** Of how many ends of connections something has vanished. */
  torn(): number;
  /** A good network again. A connection of which bytes have vanished is reset, since nothing can bring them back. */
  heal(): void;
  close(): Promise<void>;
};

type Weather = {
  readonly isSilent: boolean;
  readonly isSliced: boolean;
  readonly isStalled: boolean;
  readonly isShut: boolean;
  readonly delayMs: number;
};

const Fair: Weather = { isSilent: false, isSliced: false, isStalled: false, isShut: false, delayMs: 0 };

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  /** Of these, something that was said has vanished. */
  const torn = new Set<Socket>();
  let weather = Fair;
  let target = targetPort;
  let bytesLeft = Number.POSITIVE_INFINITY;

  const keep = (socket: Socket, other: () => Socket, pass: (chunk: Buffer) => void): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    if (weather.isStalled) socket.pause();
    socket.on('data', (chunk) => {
      if (weather.isSilent) {
        torn.add(socket).add(other());
        return;
      }
      if (weather.delayMs === 0) pass(chunk);
      // Timers of one length run in the order in which they were set.
      else setTimeout(() => pass(chunk), weather.delayMs);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      torn.delete(socket);
      if (!weather.isSilent) other().destroy();
    });
  };
  const say = (near: Socket, chunk: Buffer): void => {
    const said = chunk.subarray(0, Math.min(chunk.length, bytesLeft));
    bytesLeft -= said.length;
    if (weather.isSliced) for (const byte of said) near.write(Buffer.of(byte));
    else near.write(said);
    if (bytesLeft > 0) return;
    bytesLeft = Number.POSITIVE_INFINITY;
    // What was written must have left, or the reset takes it along.
    near.write('', () => near.resetAndDestroy());
  };
  const cut = (which: Iterable<Socket> = sockets): void => {
    for (const socket of [...which]) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    if (weather.isShut) {
      near.on('error', () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    keep(
      near,
      () => far,
      (chunk) => void far.write(chunk),
    );
    keep(
      far,
      () => near,
      (chunk) => say(near, chunk),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const change = (to: Partial<Weather>): void => {
    weather = { ...weather, ...to };
  };
  return {
    port: address.port,
    blackHole: () => change({ isSilent: true }),
    slice: () => change({ isSliced: true }),
    resetAfter: (bytes) => {
      bytesLeft = bytes;
    },
    delay: (ms) => change({ delayMs: ms }),
    stall() {
      change({ isStalled: true });
      for (const socket of sockets) socket.pause();
    },
    refuse() {
      change({ isShut: true });
      cut();
    },
    cut: () => cut(),
    leadTo: (port) => {
      target = port;
    },
    torn: () => torn.size,
    heal() {
      weather = Fair;
      bytesLeft = Number.POSITIVE_INFINITY;
      cut(torn);
      for (const socket of sockets) socket.resume();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
