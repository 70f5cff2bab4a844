/** An IMAP server that says exactly what a test tells it to, for answers that no well-behaved server gives. */
import { createServer, type Socket } from 'node:net';

/**
 * Lines to answer a command with, `%` standing for its tag; null takes the ordinary answer of an almost empty mailbox.
 */
export type ImapScript = (command: string, socket: Socket) => readonly string[] | null;

export type ScriptedImap = {
  readonly port: number;
  /** Every command as it came, without tags; literals are not understood. */
  readonly commands: string[];
  close(): Promise<void>;
};

export async function startScriptedImap(script: ImapScript, greeting = '* OK ready'): Promise<ScriptedImap> {
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.write(`${greeting}\r\n`);
    let rest = '';
    let idleTag = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'DONE') {
          socket.write(`${idleTag} OK done\r\n`);
          continue;
        }
        const [, tag = '', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
        commands.push(command);
        if (command === 'IDLE') idleTag = tag;
        for (const answer of script(command, socket) ?? ordinary(command)) {
          if (!socket.destroyed) socket.write(`${answer.replace(/^%/, tag)}\r\n`);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    commands,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function ordinary(command: string): string[] {
  const verb = command.split(' ', 1)[0];
  switch (verb) {
    case 'CAPABILITY':
      return ['* CAPABILITY IMAP4rev1 IDLE', '% OK done'];
    case 'LIST':
    case 'LSUB':
      return [`* ${verb} () "/" "INBOX"`, '% OK done'];
    case 'EXAMINE':
      return ['* 1 EXISTS', '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 6] ok', '% OK [READ-ONLY] done'];
    case 'IDLE':
      return ['+ idling'];
    case 'LOGOUT':
      return ['* BYE bye', '% OK done'];
    default:
      return ['% OK done'];
  }
}
