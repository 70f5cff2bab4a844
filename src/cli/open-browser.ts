/** Shows a page in the browser of whoever sits at the terminal. A convenience: where it does not work, nothing is said. */
import { spawn } from 'node:child_process';

const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // The empty word is the title of a window, for which `start` would take the address.
  win32: ['cmd', '/c', 'start', ''],
};

/** Nobody sits where output is no terminal, or on a machine that builds and tests. */
export function openBrowser(
  url: string,
  { stderr = process.stderr, env = process.env, open = spawned } = {},
): void {
  if (!stderr.isTTY || (env.CI ?? '') !== '') return;
  const [program, ...before] = PROGRAMS[process.platform] ?? ['xdg-open'];
  open(program, [...before, url]);
}

function spawned(program: string, words: readonly string[]): void {
  const child = spawn(program, words, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}
