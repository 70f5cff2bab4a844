/** What looks at one inbox from outside, for commands at a terminal: short of patience, since somebody waits. */
import { imapMailboxProbe } from '../adapters/imap/mailbox-probe.ts';
import { imapMailboxReader } from '../adapters/imap/mailbox-reader.ts';
import { composeMail } from '../adapters/smtp/compose.ts';
import { smtpMailSender } from '../adapters/smtp/mail-sender.ts';
import type { RoundTripDeps } from '../app/doctor/round-trip.ts';
import type { MailboxProbe } from '../app/ports/doctor.ts';
import type { InboxConfig } from '../config/schema.ts';
import { fromMs } from '../domain/instant.ts';

const IMAP_TIMINGS = { connectMs: 8_000, commandMs: 8_000 };
const SMTP_TIMINGS = { connectMs: 8_000, greetingMs: 8_000 };

export type InboxTools = RoundTripDeps & { readonly probe: MailboxProbe };

export function inboxTools({ imap, smtp }: Pick<InboxConfig, 'imap' | 'smtp'>, secret: string): InboxTools {
  return {
    probe: imapMailboxProbe({ ...imap, timings: IMAP_TIMINGS }),
    reader: imapMailboxReader({ ...imap, timings: IMAP_TIMINGS }),
    sender: smtpMailSender({ ...smtp, timings: SMTP_TIMINGS }),
    composer: { compose: composeMail },
    clock: { now: () => fromMs(Date.now()) },
    secret,
  };
}
