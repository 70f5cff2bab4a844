/**
 * A lock between processes that survives kill -9 of its holder, with nothing but a file system.
 *
 * Plain JavaScript: the bootstrap uses it on whatever Node is installed, before TypeScript can run.
 *
 * The lock is a folder of files named by a growing number. The highest file is the lock's present state: held (it
 * names a living process), abandoned (the process is gone) or released. To take the lock one creates the next number
 * with link(2), which is atomic and exclusive, and then looks whether it is still the highest; lower numbers are
 * cleared away, the highest never is. So no file that means "held" is ever removed by anyone but a successor, and
 * two processes that both find a dead holder cannot both win.
 *
 * Processes are compared by number and start time, on one machine and in one process namespace.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RELEASED = 'released';
const LOOK_AGAIN_MS = 25;

/** @param {number} pid */
export function processToken(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return null;
  }
  return `${pid}:${startTime(pid)}`;
}

/** @param {string} token */
export function isTokenAlive(token) {
  const pid = Number(token.split(':')[0]);
  return Number.isInteger(pid) && pid > 0 && processToken(pid) === token;
}

/** Clock ticks since boot where /proc tells it; elsewhere the number of the process has to do. */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds nothing any more, although its number is still taken.
    return fields[0] === 'Z' ? 'gone' : fields[19];
  } catch {
    return '0';
  }
}

/**
 * @param {string} folder
 * @param {() => Promise<unknown>} work
 */
export async function withFileLock(folder, work, waitMs = 60_000) {
  mkdirSync(folder, { recursive: true });
  const number = await take(folder, Date.now() + waitMs);
  try {
    return await work();
  } finally {
    release(folder, number);
  }
}

async function take(folder, giveUpAt) {
  for (;;) {
    const number = tryTake(folder);
    if (number !== null) return number;
    if (Date.now() > giveUpAt) {
      const error = new Error(`another process holds the lock ${folder}`);
      error.code = 'ELOCKED';
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function tryTake(folder) {
  const highest = Math.max(0, ...numbers(folder));
  if (highest > 0 && isHeld(folder, highest)) return null;
  const mine = highest + 1;
  const draft = join(folder, `draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, processToken(process.pid) ?? '', { mode: 0o600 });
  try {
    linkSync(draft, join(folder, String(mine)));
  } catch (error) {
    if (error.code === 'EEXIST') return null;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const seen = numbers(folder);
  if (Math.max(...seen) !== mine) {
    rmSync(join(folder, String(mine)), { force: true });
    return null;
  }
  for (const number of seen) if (number < mine) rmSync(join(folder, String(number)), { force: true });
  return mine;
}

const numbers = (folder) =>
  readdirSync(folder)
    .filter((name) => /^\d{1,15}$/.test(name))
    .map(Number);

function isHeld(folder, number) {
  try {
    const token = readFileSync(join(folder, String(number)), 'utf8');
    return token !== RELEASED && isTokenAlive(token);
  } catch (error) {
    // Cleared away by a successor: look again.
    if (error.code === 'ENOENT') return true;
    throw error;
  }
}

function release(folder, number) {
  const draft = join(folder, `draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(draft, RELEASED, { mode: 0o600 });
    renameSync(draft, join(folder, String(number)));
  } catch (error) {
    // Whoever removed the whole folder meanwhile has no lock left to give back.
    if (error.code !== 'ENOENT') throw error;
  }
}
