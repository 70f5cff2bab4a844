/**
 * The mailer's other half: sends pages. By itself and not by a bell, since an urgent page must not wait for a queue; and
 * beside the mails, so that a gateway that hangs holds up none of them.
 */
import { sendPages } from '../src/app/send-pages.ts';
import { timed } from '../src/runtime/measured.ts';
import { pageDeps } from '../src/runtime/pages.ts';
import type { Services } from '../src/runtime/services.ts';

const LOOK_MS = 2_000;

/** Runs until aborted; a look that fails is logged, and the next one comes all the same. */
export async function runPages(services: Services, signal: AbortSignal): Promise<void> {
  const { log } = services.deps;
  while (!signal.aborted) {
    try {
      while (
        !signal.aborted &&
        (await timed(services.measures, 'page', () => sendPages(pageDeps(services)))) > 0
      );
    } catch (error) {
      log.warn({ step: 'page', error: String(error) }, 'a look at the pages failed; the next one follows');
    }
    await services.pulse.pause('pages', LOOK_MS, signal);
  }
}
