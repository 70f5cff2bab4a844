/**
 * The one way from an inbox's configuration to its mail servers: by password, or with tokens that are renewed in between.
 * Whatever opens a mailbox or sends goes through here.
 */
import { postgresTokenRows } from '../adapters/db/oauth-tokens.ts';
import type { Pool } from '../adapters/db/pool.ts';
import { type ImapTimings, imapMailboxReader } from '../adapters/imap/mailbox-reader.ts';
import { openPastMailbox } from '../adapters/imap/past-mailbox.ts';
import { sealWith } from '../adapters/oauth/seal.ts';
import { tokenGrants } from '../adapters/oauth/token-grants.ts';
import { type SmtpTimings, smtpMailSender } from '../adapters/smtp/mail-sender.ts';
import { accessTokens, type TokenDeps } from '../app/access-tokens.ts';
import type { AccessTokens, Seal, TokenGrants } from '../app/ports/access-tokens.ts';
import type { MailSender } from '../app/ports/mail-sender.ts';
import type { MailboxReader } from '../app/ports/mailbox-reader.ts';
import type { PastMailbox } from '../app/ports/past-mailbox.ts';
import type { Config, InboxConfig } from '../config/schema.ts';
import type { InboxId } from '../domain/ids.ts';

export type MailLogin = {
  /** `timings` for whoever waits at a terminal. */
  reader(id: InboxId, timings?: Partial<ImapTimings>): MailboxReader;
  sender(id: InboxId, timings?: Partial<SmtpTimings>): MailSender;
  /** For a look back. */
  past(id: InboxId): Promise<PastMailbox>;
  readonly tokens: AccessTokens;
  /** What keeping a sign-in needs. */
  readonly deps: TokenDeps;
};

/** `config` is asked each time: it may be replaced at any moment. */
export function mailLogin(pool: Pool, config: () => Config): MailLogin {
  const deps: TokenDeps = {
    rows: postgresTokenRows(pool),
    seal: sealOf(config),
    grantsOf: (id) => grantsOf(config(), id),
    random: Math.random,
  };
  const tokens = accessTokens(deps);
  const tokenOf = (id: InboxId, client: string | undefined) =>
    client === undefined ? {} : { token: (refused?: string) => tokens.of(id, refused) };
  return {
    reader(id, timings = {}) {
      const { oauth, ...server } = inboxOf(config(), id).imap;
      return imapMailboxReader({ ...server, ...tokenOf(id, oauth), timings });
    },
    sender(id, timings = {}) {
      const { oauth, ...server } = inboxOf(config(), id).smtp;
      return smtpMailSender({ ...server, ...tokenOf(id, oauth), timings });
    },
    past(id) {
      const { oauth, ...server } = inboxOf(config(), id).imap;
      return openPastMailbox({ ...server, ...tokenOf(id, oauth) });
    },
    tokens,
    deps,
  };
}

/** The inboxes that log in with tokens, to either of their servers. */
export const inboxesWithTokens = ({ inboxes }: Config): InboxId[] =>
  Object.entries(inboxes)
    .filter(([, { imap, smtp }]) => (imap.oauth ?? smtp.oauth) !== undefined)
    .map(([id]) => id);

function inboxOf({ inboxes }: Config, id: InboxId): InboxConfig {
  const inbox = inboxes[id];
  if (inbox === undefined) throw new Error(`inbox ${id} is not configured`);
  return inbox;
}

/** A service account stands in for the mailbox itself. */
function grantsOf(config: Config, id: InboxId): TokenGrants {
  const { imap, smtp } = inboxOf(config, id);
  const client = config.oauth[imap.oauth ?? smtp.oauth ?? ''];
  if (client === undefined) throw new Error(`inbox ${id} logs in with no token`);
  return tokenGrants(client, imap.user);
}

/** Deriving a key takes no while, but it need not be done for each mail. */
function sealOf(config: () => Config): () => Seal {
  let known: { readonly secret: string; readonly seal: Seal } | null = null;
  return () => {
    const { secret } = config();
    if (known?.secret !== secret) known = { secret, seal: sealWith(secret) };
    return known.seal;
  };
}
