/** Names the inboxes that ask for no proof of senders: nobody who inherits a configuration should have to find out. */
import type { Policy } from '../domain/policy.ts';

export function weakInboxes({ inboxes }: Pick<Policy, 'inboxes'>): string[] {
  return [...inboxes.values()]
    .filter(({ authentication }) => authentication.mode === 'token-and-sender-only')
    .map(
      ({ address }) =>
        `WARNING: ${address} asks for no proof of who sent a reply (authentication: {mode: token-and-sender-only}): whoever sees a teammate's mail can write in their name.`,
    );
}
