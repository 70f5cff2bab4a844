/**
 * Bells that come while others are being answered wait and are answered together: under load one look serves many
 * mails, which costs a commit and a few questions instead of as many as there are mails. A bell that finds a look free
 * waits for nothing.
 */

/** A look that does the work for what the ids name. */
type Look = (ids: readonly number[]) => Promise<void>;

export type Together = {
  /** So many looks at once; a bell that finds all of them busy waits. */
  readonly looksMax: number;
  /** So many ids at most are answered by one look, unless a single bell carries more. */
  readonly idsMax: number;
};

/**
 * Bells that were answered together end together: when their look fails, each of them has failed, and whoever rang it
 * rings again. So a look must bear being given what is already done.
 */
export function answerTogether({ looksMax, idsMax }: Together, look: Look): Look {
  type Bell = { readonly ids: readonly number[]; resolve(): void; reject(error: unknown): void };
  const waiting: Bell[] = [];
  let looks = 0;

  /** Bells from the front of the queue, never none. */
  function take(): Bell[] {
    let ids = 0;
    const end = waiting.findIndex((bell, at) => {
      ids += bell.ids.length;
      return at > 0 && ids > idsMax;
    });
    return waiting.splice(0, end < 0 ? waiting.length : end);
  }

  async function answer(bells: readonly Bell[]): Promise<void> {
    try {
      // The same id may have been rung twice.
      await look([...new Set(bells.flatMap(({ ids }) => ids))]);
      for (const { resolve } of bells) resolve();
    } catch (error) {
      for (const { reject } of bells) reject(error);
    }
  }

  async function work(): Promise<void> {
    looks += 1;
    while (waiting.length > 0) await answer(take());
    looks -= 1;
  }

  return (ids) =>
    new Promise((resolve, reject) => {
      waiting.push({ ids, resolve, reject });
      if (looks < looksMax) void work();
    });
}
