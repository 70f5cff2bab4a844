/** What a play keeps in mind while it goes on. */
import type { Instant } from '../../src/domain/instant.ts';
import { memberOf } from '../support/promises.ts';
import type { SentMail, World } from '../support/world.ts';

export type Stage = {
  readonly world: World;
  /** Mails that were expected so far. */
  readonly expected: Set<SentMail>;
  /** What people wrote, in order. */
  readonly written: {
    readonly by: string;
    readonly messageId: string;
    readonly references: readonly string[];
  }[];
  /** The mail that came in last, and where. */
  last: { readonly inboxes: readonly string[]; readonly raw: Uint8Array } | null;
  /** When it began. */
  readonly start: Instant;
};

export type Action = (stage: Stage) => Promise<void>;

/** Something is not as the transcript says. */
export class Mismatch extends Error {}

export function summary(world: World, { outgoing, mail, kind }: SentMail): string {
  const who = memberOf(world, outgoing.envelopeTo) ?? outgoing.envelopeTo;
  return `mail to ${who}: ${kind} (${mail.subject})`;
}
