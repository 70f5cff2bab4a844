/** An archive as `baton lookback` reads it, with or without a configuration. */
import { existsSync } from 'node:fs';
import { labelsOf } from '../adapters/mime/mail-labels.ts';
import { toPolicy } from '../config/policy.ts';
import { didYouMean, list } from '../config/problems.ts';
import { asciiLower, parseStrictAddress } from '../domain/address.ts';
import { DAY, fromMs, type Instant } from '../domain/instant.ts';
import { folderRole } from '../domain/look-back/folder-names.ts';
import { colleaguesIn, guessInbox } from '../domain/look-back/guess-inbox.ts';
import { lookBack } from '../domain/look-back/look-back.ts';
import { type Ours, oursByAddress, oursByPolicy } from '../domain/look-back/ours.ts';
import { type PastMail, pastMail } from '../domain/look-back/past-mail.ts';
import type { Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import { placeReader } from '../runtime/archive-places.ts';
import { loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import type { LookedBack } from './look-back-words.ts';
import { readMails } from './read-mails.ts';

type Options = { readonly config: string; readonly days?: number; readonly inbox?: readonly string[] };

export async function readPastArchive(
  paths: readonly string[],
  options: Options,
  hasConfig: boolean,
): Promise<LookedBack> {
  // A configuration that lies there by chance is meant as well; one that is named has to be there.
  const isThere = hasConfig || existsSync(options.config);
  const policy = isThere
    ? onlyInboxes(toPolicy(loadForReading(options.config, []).config), options.inbox)
    : null;
  const typed = policy === null ? addressesTyped(options.inbox ?? []) : [];
  const known = policy === null ? oursByAddress(typed, new Set()) : oursByPolicy(policy);
  const { mails, unreadable } = await readAll(paths, known, policy);
  const guessed = policy === null && typed.length === 0 ? guessInbox(mails) : null;
  const ours =
    policy === null ? oursByAddress(guessed === null ? typed : [guessed], colleaguesIn(mails)) : known;
  const until = latest(mails);
  const days = options.days ?? null;
  const from = days === null ? null : until - days * DAY;
  const past = lookBack(mails, { ours, policy, from, until, grace: 0 });
  return { past, source: 'archive', days, policy, inboxGuessed: guessed, unreadable, folders: [] };
}

async function readAll(
  paths: readonly string[],
  ours: Ours,
  policy: Policy | null,
): Promise<{ mails: PastMail[]; unreadable: LookedBack['unreadable'] }> {
  const mails: PastMail[] = [];
  const unreadable: { file: string; error: string }[] = [];
  const folderOf = placeReader(paths);
  let number = 0;
  for await (const read of readMails(paths)) {
    if ('error' in read) {
      unreadable.push({ file: read.file, error: read.error });
      continue;
    }
    const role = roleOf(read.mail, read.file, folderOf);
    if (role === 'left-out') continue;
    number += 1;
    // An mbox holds many mails under one name.
    const place = `${read.file}\0${String(number).padStart(9, '0')}`;
    mails.push(
      pastMail(read.mail, { place, inSent: role === 'sent', inbox: null, receivedAt: null }, ours, policy),
    );
  }
  return { mails, unreadable };
}

/** Takeout keeps all mail in one file, where labels tell. */
function roleOf(
  mail: Mail,
  file: string,
  folderOf: ReturnType<typeof placeReader>,
): ReturnType<typeof folderRole> {
  const roles = [folderOf(file), ...labelsOf(mail)].map(folderRole);
  return roles.find((role) => role === 'left-out') ?? roles.find((role) => role === 'sent') ?? 'other';
}

/** How long somebody waited is counted to the end of the archive; a date in the future is nobody's. */
function latest(mails: readonly PastMail[]): Instant {
  const now = fromMs(Date.now());
  return (
    mails.reduce((most, { date }) => (date !== null && date > most && date <= now ? date : most), 0) || now
  );
}

/** By id or address. */
export function onlyInboxes(policy: Policy, typed: readonly string[] | undefined): Policy {
  if (typed === undefined) return policy;
  const all = [...policy.inboxes.values()];
  const chosen = typed.map((name) => {
    const found = all.find(({ id, address }) => id === name || address === asciiLower(name));
    if (found !== undefined) return found;
    const ids = all.map(({ id }) => id);
    throw new Finding(
      `No inbox is called "${name}". ${didYouMean(name, ids)}Known inboxes: ${list(ids)}.`,
      ExitCode.usage,
    );
  });
  return { ...policy, inboxes: new Map(chosen.map((inbox) => [inbox.id, inbox])) };
}

function addressesTyped(typed: readonly string[]): string[] {
  return typed.map((one) => {
    const address = parseStrictAddress(one);
    if (address === null)
      throw new Finding(
        `"${one}" is no address. Without a configuration --inbox takes one, such as support@example.com.`,
        ExitCode.usage,
      );
    return asciiLower(address);
  });
}
