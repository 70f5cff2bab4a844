/** The board: serves its pages, anew where its part of the configuration changes. */
import { setTimeout as pause } from 'node:timers/promises';
import { followModel } from '../src/runtime/learning.ts';
import type { Services } from '../src/runtime/services.ts';

/** How long it waits for a port that another program has, such as a Baton that is about to end. */
const TAKEN_MS = 10_000;

export async function startBoard(services: Services, signal: AbortSignal): Promise<{ ended: Promise<void> }> {
  await followModel(services.model, services.deps.log, signal);
  return { ended: serve(services, signal) };
}

/** A board that cannot be served keeps no mail from flowing: it is said once, and tried again. */
async function serve(services: Services, signal: AbortSignal): Promise<void> {
  let said = '';
  const sayOnce = (line: string): void => {
    if (line !== said) services.say(line);
    said = line;
  };
  while (!signal.aborted) {
    const place = services.settings.config.board;
    const until = changed(services, JSON.stringify(place), signal);
    try {
      // Loaded here, so that no other worker holds a web server in memory.
      const { serveBoard } = await import('../src/runtime/board.ts');
      const served = await serveBoard(services);
      sayOnce(`The board is at ${place.url} (it listens on ${place.host}, port ${place.port}).`);
      await until.happens;
      await served.close();
    } catch (error) {
      sayOnce(whyNot(error, place));
      await Promise.race([until.happens, pause(TAKEN_MS, undefined, { signal }).catch(() => {})]);
    } finally {
      until.forget();
    }
  }
}

function whyNot(error: unknown, { host, port }: { readonly host: string; readonly port: number }): string {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'EADDRINUSE'
      ? `port ${port} of ${host} is taken, by another program or by another Baton`
      : code === 'EADDRNOTAVAIL'
        ? `this host does not have the address ${host}`
        : code === 'EACCES'
          ? `port ${port} is not for this user`
          : String(error);
  return `The board is not served: ${why}. Mail flows all the same. It is tried again every ten seconds; board.host and board.port say where.`;
}

/** Resolves when the board's part of the configuration is another one, or at the end. */
function changed({ settings }: Services, inForce: string, signal: AbortSignal) {
  let resolve = (): void => {};
  const happens = new Promise<void>((done) => {
    resolve = done;
  });
  const forget = settings.onChange(() => {
    if (JSON.stringify(settings.config.board) !== inForce) resolve();
  });
  signal.addEventListener('abort', resolve, { once: true });
  if (signal.aborted) resolve();
  return {
    happens,
    forget: () => {
      forget();
      signal.removeEventListener('abort', resolve);
    },
  };
}
