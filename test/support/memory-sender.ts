/** A MailSender in memory: remembers what it delivered, and answers otherwise where a test plans it. */

import type { MailSender, OutgoingMail, SendOutcome } from '../../src/app/ports/mail-sender.ts';
import { parseStrictAddress } from '../../src/domain/address.ts';

export type MemorySender = {
  readonly sender: MailSender;
  /** What reached recipients, in order; a copy counts as often as it was delivered. */
  readonly delivered: OutgoingMail[];
  /** Every call of send. */
  readonly attempts: OutgoingMail[];
  /**
   * The next send ends like this, or the next one `to` that address. Nothing is delivered then, except for `unknown` with `delivered: true`: the server
   * kept the mail and its answer was lost.
   */
  failNext(
    code: string,
    options?: { type?: 'temporary' | 'permanent' | 'unknown'; delivered?: boolean; to?: string },
  ): void;
};

type Plan = { readonly outcome: SendOutcome; readonly delivers: boolean; readonly to: string | undefined };

export function memorySender(): MemorySender {
  const delivered: OutgoingMail[] = [];
  const attempts: OutgoingMail[] = [];
  const plans: Plan[] = [];
  let isClosed = false;
  return {
    delivered,
    attempts,
    sender: {
      async send(mail) {
        attempts.push(mail);
        if (
          null === parseStrictAddress(mail.envelopeTo) ||
          (mail.envelopeFrom !== '' && null === parseStrictAddress(mail.envelopeFrom))
        ) {
          return { type: 'permanent', code: 'bad-address', response: 'refused before dialling' };
        }
        if (isClosed) return { type: 'temporary', code: 'smtp-closed', response: 'the sender is closed' };
        const at = plans.findIndex(({ to }) => to === undefined || to === mail.envelopeTo);
        const [plan] = at < 0 ? [] : plans.splice(at, 1);
        if (plan === undefined || plan.delivers) delivered.push({ ...mail, raw: Uint8Array.from(mail.raw) });
        return plan?.outcome ?? { type: 'accepted', response: '250 2.0.0 kept' };
      },
      async check() {
        const [planned] = plans;
        return planned === undefined || planned.outcome.type === 'accepted' ? null : planned.outcome;
      },
      async close() {
        isClosed = true;
      },
    },
    failNext(code, { type = 'temporary', delivered: delivers = false, to } = {}) {
      plans.push({ outcome: { type, code, response: `planned by the test: ${code}` }, delivers, to });
    },
  };
}
