/** What `/readyz` of every worker said, and whether it said so in time. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Crew } from './crew.ts';
import { Faults } from './kinds.ts';
import type { Struck } from './strike.ts';

const ASK_EVERY_MS = 1_500;
const ANSWER_MS = 9_000;
/** A fault that stops mail must be seen within this time… */
const RED_WITHIN_MS = 60_000;
/** …and what was found is told again for some seconds, by processes that have other things to do. */
const GRACE_MS = 20_000;

/** `reasons`: codes of what stands still; `away`: nobody answered. */
export type Answer = { readonly at: number; readonly kind: string; readonly reasons: readonly string[] };

export type Readiness = { readonly answers: readonly Answer[]; end(): Promise<void> };

/** Asks them all, again and again. */
export function watchReadiness(crew: Crew): Readiness {
  const answers: Answer[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      await Promise.all(
        crew.workers.map(async ({ kind, running }) => {
          const port = /Health and figures: http:\/\/[\d.]+:(\d+)/.exec(running?.output() ?? '')?.[1];
          if (port === undefined) return;
          const reasons = await ask(port);
          if (reasons.length > 0) answers.push({ at: Date.now(), kind, reasons });
        }),
      );
      await pause(ASK_EVERY_MS);
    }
  })();
  return {
    answers,
    end: async () => {
      isOver = true;
      await asking;
    },
  };
}

/** Empty: it is ready. */
async function ask(port: string): Promise<readonly string[]> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { ok, reasons } = (await answer.json()) as { ok: boolean; reasons?: readonly { code?: string }[] };
    return ok ? [] : (reasons ?? []).map(({ code }) => code ?? 'unknown');
  } catch {
    return ['away'];
  }
}

const SEEN_AS = {
  intake: ['intake', 'login', 'work-waits'],
  sending: ['sending', 'work-waits'],
  everything: ['database'],
} as const;

/** Long faults that stop mail, of which nobody said so in time. */
export function unseen(struck: readonly Struck[], answers: readonly Answer[]): string[] {
  return struck.flatMap(({ kind, begunAt, endedAt }) => {
    const { stops } = Faults[kind];
    if (stops === undefined || endedAt - begunAt < RED_WITHIN_MS + GRACE_MS) return [];
    const codes: readonly string[] = SEEN_AS[stops];
    const isSeen = answers.some(
      ({ at, reasons }) =>
        at >= begunAt &&
        at <= begunAt + RED_WITHIN_MS + GRACE_MS &&
        // While the database is away nobody can tell anything else.
        reasons.some((code) => code === 'database' || codes.includes(code)),
    );
    return isSeen ? [] : [`${kind}, which began at ${new Date(begunAt).toISOString()}`];
  });
}
