/**
 * A server that nobody here wrote, run by a test in a throw-away folder on a free loopback port: as an unprivileged
 * user where the tests run as root, without configuration or data of the system's own, and never longer than the test.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GUARD = join(import.meta.dirname, 'guard.mjs');
const READY_MS = 20_000;
const LOG_SHOWN = 4_000;

export type Daemon = {
  readonly name: string;
  readonly folder: string;
  /** Starts it, and resolves once it is ready. */
  start(): Promise<void>;
  /** Ends its processes and leaves the folder: `start` begins again on what is there. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** To its first process alone. */
  signal(signal: NodeJS.Signals): void;
  /** Its process ids, the first one's first, where the command line contains `words`. */
  pids(words?: string): number[];
  /** Runs another program as the server's user. */
  run(command: string, args: readonly string[]): Promise<string>;
  log(): string;
  /** Ends it and removes everything; with `keepLog` its log stays, and where it lies is said. */
  end(options?: { keepLog?: boolean }): Promise<void>;
};

export type DaemonOptions = {
  readonly name: string;
  /** Called before each start, with a folder that belongs to the server's user. */
  readonly command: (folder: string) => { readonly command: string; readonly args: readonly string[] };
  readonly isReady: () => Promise<boolean>;
  readonly prepare?: (daemon: Pick<Daemon, 'folder' | 'run'>) => Promise<void>;
  /** For one that takes root's rights away from its own processes itself, and refuses to begin without them. */
  readonly asRoot?: boolean;
  /** What it is ended with; SIGKILL where it leaves nothing behind. */
  readonly stopWith?: NodeJS.Signals;
};

type FromGuard = {
  readonly type: 'running' | 'exited' | 'killed';
  readonly pid?: number;
  readonly why?: string;
};

/** Whoever runs the servers: PostgreSQL refuses root, and the others need not be it. */
export const SERVER_USER = serverUser();

export async function openDaemon(options: DaemonOptions): Promise<Daemon> {
  const { name } = options;
  // Root's own folder for temporary files may be closed to the user of the servers.
  const folder = mkdtempSync(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), `baton-${name}-`));
  const logPath = join(folder, 'server.log');
  writeFileSync(logPath, '');
  for (const path of [folder, logPath]) chownSync(path, SERVER_USER.uid, SERVER_USER.gid);
  const guard = fork(GUARD, [folder, logPath], { detached: true, stdio: 'ignore', execArgv: [] });
  guard.unref();
  guard.channel?.unref();
  // Written to after its end, a channel gives an error event, and one without a listener ends the test.
  guard.on('error', () => {});
  let pid: number | null = null;
  let ended: string | null = null;
  guard.on('message', (message: FromGuard) => {
    if (message.type === 'running') pid = message.pid ?? null;
    if (message.type === 'exited') ended = message.why ?? 'it ended';
  });

  const daemon: Daemon = {
    name,
    folder,
    async start() {
      ended = null;
      const { command, args } = options.command(folder);
      const isGiven = process.getuid?.() === 0 && options.asRoot !== true;
      const user = isGiven ? { uid: SERVER_USER.uid, gid: SERVER_USER.gid } : {};
      guard.send({ type: 'run', command, args, user, stopWith: options.stopWith ?? 'SIGKILL' });
      for (const giveUpAt = Date.now() + READY_MS; !(await options.isReady().catch(() => false)); ) {
        if (ended === null && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 10));
        else
          throw new Error(
            `${name} did not start: ${ended ?? 'no answer'}\n${daemon.log().slice(-LOG_SHOWN)}`,
          );
      }
    },
    async kill(signal) {
      const killed = told(guard, 'killed');
      guard.send({ type: 'kill', signal });
      await killed;
      pid = null;
    },
    signal(signal) {
      if (pid === null) throw new Error(`${name} does not run`);
      process.kill(pid, signal);
    },
    pids: (words = '') => (pid === null ? [] : family(pid).filter((one) => commandLine(one).includes(words))),
    async run(command, args) {
      const user = process.getuid?.() === 0 ? { uid: SERVER_USER.uid, gid: SERVER_USER.gid } : {};
      const { stdout } = await run(command, args, {
        cwd: folder,
        ...user,
        env: { ...process.env, HOME: folder },
      });
      return stdout;
    },
    log: () => readFileSync(logPath, 'utf8'),
    async end({ keepLog = false } = {}) {
      if (keepLog) keep(name, logPath);
      if (guard.exitCode !== null || guard.signalCode !== null) return;
      const gone = new Promise((resolve) => guard.once('exit', resolve));
      guard.ref();
      guard.send({ type: 'end', keep: false });
      await gone;
    },
  };
  try {
    await options.prepare?.(daemon);
    await daemon.start();
    return daemon;
  } catch (error) {
    await daemon.end({ keepLog: true });
    throw error;
  }
}

/**
 * One that nobody listens on, and that no outgoing connection is given by the kernel meanwhile: those begin at 32768.
 * Drawn by lot, since many test runs look for one at the same time.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000);
    if (!drawn.has(port) && (await canListen(port))) {
      drawn.add(port);
      return port;
    }
  }
}

const drawn = new Set<number>();

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Where servers listen unless told: nobody beyond this machine reaches them. */
export const LOOPBACK = '127.0.0.1';

/** Whether somebody takes connections there. */
export function isListening(port: number, address = LOOPBACK): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

function told(guard: ChildProcess, type: FromGuard['type']): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: FromGuard) => {
      if (message.type !== type) return;
      guard.off('message', listen);
      resolve();
    };
    guard.on('message', listen);
  });
}

function keep(name: string, logPath: string): void {
  const folder = join(tmpdir(), 'baton-stack-logs');
  mkdirSync(folder, { recursive: true });
  const kept = join(folder, `${name}-${process.pid}-${Date.now()}.log`);
  try {
    renameSync(logPath, kept);
  } catch {
    // Another file system.
    writeFileSync(kept, readFileSync(logPath));
  }
  process.stderr.write(`The log of ${name} was kept: ${kept}\n`);
}

function serverUser(): {
  readonly name: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
} {
  const lineOf = (file: string, has: (fields: string[]) => boolean) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(has) ?? [];
  const own = process.getuid?.() ?? 0;
  const [name = '', , uid, gid] = lineOf('/etc/passwd', (fields) =>
    own === 0 ? fields[0] === 'nobody' : fields[2] === String(own),
  );
  const [group = ''] = lineOf('/etc/group', (fields) => fields[2] === gid);
  return { name, group, uid: Number(uid ?? own), gid: Number(gid ?? own) };
}

/** A process and all that descend from it. */
function family(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const found = [root];
  for (let at = 0; at < found.length; at += 1) {
    for (const [pid, parent] of parents) if (parent === found[at]) found.push(pid);
  }
  return found;
}

function parentOf(pid: string): number {
  const stat = readProc(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? -1);
}

const commandLine = (pid: number): string => readProc(String(pid), 'cmdline').replaceAll('\0', ' ');

/** Empty when the process has ended meanwhile. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
