/** A playground over HTTP as a visitor has it, on a stage of its own whose day is a quiet Wednesday morning. */

import { fromIso } from '../../src/domain/instant.ts';
import { toldOf } from '../../src/runtime/demo/play.ts';
import { openPlayground } from '../../src/runtime/demo/playground/open-playground.ts';
import { servePlayground } from '../../src/runtime/demo/playground/serve-playground.ts';
import { openStage } from '../../src/runtime/demo/stage.ts';
import { MailWorkers, startWorkers } from '../../workers/all.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

export async function startPlayground() {
  const stage = await openStage({
    start: fromIso('2026-03-04T09:05:00Z'),
    startWork: (services, signal) => startWorkers(services, MailWorkers, signal, () => {}),
    log: silent,
    say: () => {},
    onReceived: () => {},
  });
  const stop = new AbortController();
  try {
    await stage.letTimeRun();
    await stage.letDanaRead();
    const played = toldOf(stage);
    const playground = openPlayground({ played, looksAs: 'dana', signal: stop.signal, tell: () => {} });
    const { url, close } = await servePlayground({ played, playground, port: 0 });
    return {
      url,
      stage,
      playground,
      close: async () => {
        stop.abort();
        await close();
        await stage.close();
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}
