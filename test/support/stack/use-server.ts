/** Suites on real servers: started once per file, ended with it, and skipped by name where a server cannot be had. */
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { howToGet, isUsable, type ServerName } from './packages.ts';

/** A suite that wants these servers. Without them it is skipped and says how to get them; with CI=true it fails. */
export function describeOn(needs: readonly ServerName[], title: string, body: () => void): void {
  const missing = needs.filter((name) => !isUsable(name));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const how = howToGet(missing);
  if (process.env.CI === 'true') {
    describe(title, () => {
      test(`has its servers: ${how}`, () => {
        throw new Error(`${missing.join(' and ')} is missing here, so nothing was tested: ${how}`);
      });
    });
    return;
  }
  describe.skip(`${title} (skipped, wants: ${how})`, body);
}

type Ending = { end(options?: { keepLog?: boolean }): Promise<void> };

/** Starts it before the tests of this suite and ends it after them; the log is kept when one of them failed. */
export function useServer<Server extends Ending>(start: () => Promise<Server>): () => Server {
  let server: Server | null = null;
  let hasFailed = false;
  beforeAll(async () => {
    server = await start();
  });
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });
  afterAll(async () => {
    await server?.end({ keepLog: hasFailed });
  });
  return () => {
    if (server === null) throw new Error('the server is not started yet');
    return server;
  };
}
