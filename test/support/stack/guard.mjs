/**
 * Stands between a test and the server that it started, in a process of its own: when the test ends, in whatever way,
 * the server ends with it and its folder goes.
 *
 * Plain JavaScript, so that it starts at once. It speaks with the test over the channel of child_process.fork: the end
 * of that channel is the end of the test, also when the test was killed.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';

const [folder, log] = process.argv.slice(2);
const GRACE_MS = 3_000;
let server = null;
let stopSignal = 'SIGKILL';

process.on('message', async (message) => {
  if (message.type === 'run') start(message);
  if (message.type === 'kill') await kill(message.signal);
  if (message.type === 'end') await end(message.keep);
});
process.on('disconnect', () => end(false));
// Ctrl-C reaches the test as well, whose end is the one that counts.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});

function start({ command, args, user, stopWith }) {
  // One that nobody knows any more would never be ended.
  if (server !== null) return tell({ type: 'exited', why: 'it runs already' });
  const output = openSync(log, 'a');
  stopSignal = stopWith;
  // A group of its own: what a terminal sends to the tests must not reach it.
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', output, output],
    ...user,
  });
  closeSync(output);
  server = child;
  child.once('error', (error) => tell({ type: 'exited', why: error.message }));
  child.once('exit', (code, signal) => {
    if (server === child) server = null;
    tell({ type: 'exited', why: `it ended with ${signal ?? code}` });
  });
  if (child.pid !== undefined) tell({ type: 'running', pid: child.pid });
}

async function kill(signal) {
  const child = server;
  if (child === null) return tell({ type: 'killed' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const others = descendants(child.pid);
  if (signal === 'SIGKILL') for (const pid of [...others, child.pid]) send(pid, signal);
  else {
    // Who was stopped with SIGSTOP hears nothing else before it goes on.
    for (const pid of [child.pid, ...others]) send(pid, 'SIGCONT');
    send(child.pid, signal);
    const timer = setTimeout(() => kill('SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(timer);
    for (const pid of others) send(pid, 'SIGKILL');
  }
  await gone;
  tell({ type: 'killed' });
}

async function end(keep) {
  await kill(stopSignal);
  if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

/** The servers' children start groups and sessions of their own, so their parents are what tells them. */
function descendants(root) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [];
  for (const queue = [root]; queue.length > 0; ) {
    const below = children.get(queue.shift()) ?? [];
    found.push(...below);
    queue.push(...below);
  }
  return found;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return -1;
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

function tell(message) {
  if (process.connected) process.send(message, () => {});
}
