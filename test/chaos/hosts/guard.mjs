/**
 * Takes the hosts away again when whoever built them has ended, in whatever way: their processes, then the namespaces,
 * with which their links go.
 *
 * Plain JavaScript in a process of its own, as the guard of the stack's servers is. It speaks with its parent over the
 * channel of child_process.fork: the end of that channel is the end of the parent, also when that was killed.
 */
import { execFileSync } from 'node:child_process';

const [ip, ...places] = process.argv.slice(2);
/** The guards of the servers remove their folders first. */
const GRACE_MS = 15_000;
let inside = null;
let isRemoving = false;

process.on('message', (message) => {
  if (message.type === 'inside') inside = message.pid;
  if (message.type === 'end') end();
});
process.on('disconnect', end);
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});

async function end() {
  if (isRemoving) return;
  isRemoving = true;
  await remove();
  process.exit(0);
}

async function remove() {
  if (inside !== null) kill([inside]);
  const servers = places.filter((place) => place.endsWith('-servers'));
  for (const place of places) if (!servers.includes(place)) kill(pidsIn(place));
  const giveUpAt = Date.now() + GRACE_MS;
  while (servers.flatMap(pidsIn).length > 0 && Date.now() < giveUpAt)
    await new Promise((resolve) => setTimeout(resolve, 100));
  kill(servers.flatMap(pidsIn));
  for (const place of places) run('netns', 'delete', place);
}

const pidsIn = (place) => run('netns', 'pids', place).split('\n').filter(Boolean).map(Number);

/** Empty where there is no such place any more. */
function run(...words) {
  try {
    return execFileSync(ip, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

function kill(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}
