/** What looks at one inbox from outside, for commands at a terminal: short of patience, since somebody waits. */
import { imapMailboxProbe } from '../adapters/imap/mailbox-probe.ts';
import { imapMailboxReader } from '../adapters/imap/mailbox-reader.ts';
import { composeMail } from '../adapters/smtp/compose.ts';
import { smtpMailSender } from '../adapters/smtp/mail-sender.ts';
import type { RoundTripDeps } from '../app/doctor/round-trip.ts';
import type { TokenSource } from '../app/ports/access-tokens.ts';
import type { MailboxProbe } from '../app/ports/doctor.ts';
import type { InboxConfig } from '../config/schema.ts';
import { fromMs } from '../domain/instant.ts';

const IMAP_TIMINGS = { connectMs: 8_000, commandMs: 8_000 };
const SMTP_TIMINGS = { connectMs: 8_000, greetingMs: 8_000 };

export type InboxTools = RoundTripDeps & { readonly probe: MailboxProbe };

/** `token` logs in wherever the configuration names a client in place of a password. */
export function inboxTools(
  { imap: { oauth: reads, ...imap }, smtp: { oauth: sends, ...smtp } }: Pick<InboxConfig, 'imap' | 'smtp'>,
  secret: string,
  token?: TokenSource,
): InboxTools {
  const withToken = (client: string | undefined) =>
    client === undefined || token === undefined ? {} : { token };
  const reading = { ...imap, ...withToken(reads), timings: IMAP_TIMINGS };
  return {
    probe: imapMailboxProbe(reading),
    reader: imapMailboxReader(reading),
    sender: smtpMailSender({ ...smtp, ...withToken(sends), timings: SMTP_TIMINGS }),
    composer: { compose: composeMail },
    clock: { now: () => fromMs(Date.now()) },
    secret,
  };
}
