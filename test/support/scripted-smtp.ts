/** An SMTP server that misbehaves at the stage a test names, and keeps what it was really given. */
import { createServer, type Socket } from 'node:net';

/** What a client says. `dot` is the end of the content. */
export type Stage = 'connect' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'content' | 'dot';
/** A reply of one or more lines; `drop` ends the connection, `reset` with RST; `silence` never answers. */
export type Answer = string | 'drop' | 'reset' | 'silence';

export type ScriptedSmtp = {
  readonly port: number;
  /** Contents that arrived up to and with the final dot, without it. */
  readonly kept: string[];
  readonly commands: string[];
  connections(): number;
  /** A reply out of turn, such as one that comes late. */
  say(reply: string): void;
  /** Resolves once the stage has been reached that often, counted from the start. */
  reached(stage: Stage, times: number): Promise<void>;
  close(): Promise<void>;
};

const ORDINARY: Record<Stage, string> = {
  connect: '220 ready',
  ehlo: '250-scripted\r\n250-8BITMIME\r\n250 AUTH PLAIN',
  auth: '235 welcome',
  mail: '250 sender is fine',
  rcpt: '250 recipient is fine',
  data: '354 go on',
  content: '',
  dot: '250 2.0.0 kept as 1',
};

/** `script` answers undefined for the ordinary reply; `turn` counts how often the stage came, from 1. */
export async function startScriptedSmtp(
  script: (stage: Stage, turn: number) => Answer | undefined,
): Promise<ScriptedSmtp> {
  const turns = new Map<Stage, number>();
  const waiters: { stage: Stage; times: number; resolve: () => void }[] = [];
  const kept: string[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const say = (socket: Socket, stage: Stage): boolean => {
    const turn = (turns.get(stage) ?? 0) + 1;
    turns.set(stage, turn);
    for (const waiter of waiters) if (waiter.stage === stage && waiter.times <= turn) waiter.resolve();
    const answer = script(stage, turn) ?? ORDINARY[stage];
    if (answer === 'drop') socket.end();
    else if (answer === 'reset') socket.resetAndDestroy();
    else if (answer !== 'silence' && answer !== '') socket.write(`${answer}\r\n`);
    return answer.startsWith('354') || answer.startsWith('2');
  };

  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    say(socket, 'connect');
    let rest = '';
    let inContent = false;
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (;;) {
        if (inContent) {
          if ((turns.get('content') ?? 0) < (turns.get('data') ?? 0)) say(socket, 'content');
          const end = rest.indexOf('\r\n.\r\n');
          if (end === -1) return;
          kept.push(rest.slice(0, end + 2));
          rest = rest.slice(end + 5);
          inContent = false;
          say(socket, 'dot');
          continue;
        }
        const end = rest.indexOf('\r\n');
        if (end === -1) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        commands.push(line);
        const stage = stageOf(line);
        if (stage === null) socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n');
        else if (say(socket, stage) && stage === 'data') inContent = true;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    kept,
    commands,
    connections: () => connections,
    say(reply) {
      for (const socket of sockets) socket.write(`${reply}\r\n`);
    },
    reached: (stage, times) =>
      new Promise((resolve) => {
        if ((turns.get(stage) ?? 0) >= times) resolve();
        else waiters.push({ stage, times, resolve });
      }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function stageOf(line: string): Stage | null {
  if (line.startsWith('EHLO') || line.startsWith('HELO')) return 'ehlo';
  if (line.startsWith('AUTH')) return 'auth';
  if (line.startsWith('MAIL FROM')) return 'mail';
  if (line.startsWith('RCPT TO')) return 'rcpt';
  return line === 'DATA' ? 'data' : null;
}
