/** For inboxes that rest on no check of our own: asking is a bug. */
import type { SenderCheck } from '../../src/app/ports/sender-check.ts';

export const noSenderCheck: SenderCheck = {
  async check() {
    throw new Error('bug: this inbox asks for no check of senders');
  },
};
