/**
 * A TCP proxy that behaves as a broken network does: it falls silent while connections stay open, hands over what the
 * server says byte by byte, or cuts it off in the middle.
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
  close(): Promise<void>;
};

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  let isSliced = false;
  let bytesLeft = Number.POSITIVE_INFINITY;
  const keep = (socket: Socket, other: () => Socket, pass: (chunk: Buffer) => void) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      if (!isSilent) pass(chunk);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (!isSilent) other().destroy();
    });
  };
  const say = (near: Socket, chunk: Buffer): void => {
    const said = chunk.subarray(0, Math.min(chunk.length, bytesLeft));
    bytesLeft -= said.length;
    if (isSliced) for (const byte of said) near.write(Buffer.of(byte));
    else near.write(said);
    if (bytesLeft > 0) return;
    bytesLeft = Number.POSITIVE_INFINITY;
    // What was written must have left, or the reset takes it along.
    near.write('', () => near.resetAndDestroy());
  };
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
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
  return {
    port: address.port,
    blackHole: () => {
      isSilent = true;
    },
    slice: () => {
      isSliced = true;
    },
    resetAfter: (bytes) => {
      bytesLeft = bytes;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
