/**
 * The mail that an inbox sends to itself, to see that mail goes round. It is known again by its Message-ID alone, which
 * nobody else can make, and becomes no request.
 */
import type { InboxId } from './ids.ts';
import type { Duration, Instant } from './instant.ts';
import { canaryKey } from './reply-token.ts';

/** `turn` counts the times on the schedule; each has one mail. */
export const turnAt = (now: Instant, every: Duration): number => Math.floor(now / every);

export const canaryId = (secret: string, inbox: InboxId, turn: number, domain: string): string =>
  `${canaryKey(secret, inbox, turn)}.canary.${turn}@${domain}`;

/** Some servers put an id of their own in its place (Amazon SES does): such a canary never comes back, and says so. */
export function isCanary(secret: string, inbox: InboxId, messageId: string | null): boolean {
  const found = /^([a-z2-7]{26})\.canary\.(\d{1,15})@/.exec(messageId ?? '');
  return found !== null && found[1] === canaryKey(secret, inbox, Number(found[2]));
}

export const CANARY_SUBJECT = 'Baton checks that mail goes round';

export const canaryText = (address: string): string =>
  `${address} sent this to itself, to see that mail goes out and comes in. Nobody needs to do anything about it: ` +
  'it becomes no request, and may be deleted.\r\n';
