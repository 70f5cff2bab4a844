/**
 * Mail at a small rate through a running Baton, with the instant at which each letter was in the mailbox, and what
 * became of it. Every instant is of this machine's clock, which PostgreSQL reads too.
 */
import type { Production } from '../../support/stack/production.ts';

export type Letter = { readonly uid: number; readonly cameAt: number };

/** Milliseconds since 1970; null: not yet. */
export type Progress = Letter & { readonly storedAt: number | null; readonly confirmedAt: number | null };

export type Flow = {
  readonly letters: readonly Letter[];
  /** Resolves when none is on its way into the mailbox. */
  pause(): Promise<void>;
  goOn(): void;
  /** So many more at once. */
  burst(letters: number): Promise<void>;
};

export function startFlow(production: Pick<Production, 'deliverOne'>, perSecond: number): Flow {
  const letters: Letter[] = [];
  let isPaused = false;
  let sending: Promise<void> | null = null;
  const everyMs = 1_000 / perSecond;

  async function deliver(): Promise<void> {
    const uid = await production.deliverOne();
    letters.push({ uid, cameAt: Date.now() });
  }

  async function send(): Promise<void> {
    while (!isPaused) {
      const begunAt = Date.now();
      await deliver();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begunAt + everyMs - Date.now())));
    }
  }
  const goOn = (): void => {
    isPaused = false;
    sending ??= send().finally(() => {
      sending = null;
    });
    // Whoever pauses it hears of a failure; until then nobody waits for it.
    sending.catch(() => {});
  };
  goOn();
  return {
    letters,
    goOn,
    burst: async (count) => void (await Promise.all(Array.from({ length: count }, deliver))),
    async pause() {
      isPaused = true;
      await sending;
    },
  };
}

/** What the database tells of these letters; null while it does not answer. */
export async function progressOf(
  { pool }: Pick<Production, 'pool'>,
  letters: readonly Letter[],
): Promise<Progress[] | null> {
  try {
    const { rows } = await pool.query<{ uid: string; storedAt: number; confirmedAt: number | null }>(
      PROGRESS,
      [letters.map(({ uid }) => uid)],
    );
    const known = new Map(rows.map((row) => [Number(row.uid), row]));
    return letters.map((letter) => ({
      ...letter,
      storedAt: known.get(letter.uid)?.storedAt ?? null,
      confirmedAt: known.get(letter.uid)?.confirmedAt ?? null,
    }));
  } catch {
    return null;
  }
}

const PROGRESS = `
  SELECT message.uid::text AS uid, extract(epoch FROM message.stored_at)::float8 * 1000 AS "storedAt",
    (SELECT extract(epoch FROM min(outbox.settled_at))::float8 * 1000 FROM outbox
     WHERE outbox.conversation_id = message.conversation_id AND kind = 'acknowledgement' AND state = 'sent')
      AS "confirmedAt"
  FROM message WHERE message.uid = ANY ($1::bigint[])`;
