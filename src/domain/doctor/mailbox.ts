/** What an IMAP server says of itself and of a mailbox, and what of it Baton's watch over the inbox rests on. */
import { type Check, fine, problem, skipped, warning } from './check.ts';

export type FolderFacts = {
  readonly path: string;
  /** `\Sent` and such (RFC 6154 section 2); null: the server marks it as nothing. */
  readonly use: string | null;
};

export type MailboxFacts = {
  /** As the server names them once somebody is logged in, in upper case. */
  readonly capabilities: ReadonlySet<string>;
  readonly folders: readonly FolderFacts[];
};

/** What the configuration says of it. */
export type MailboxPlan = { readonly inbox: string; readonly sent: readonly string[] };

export function mailboxChecks(facts: MailboxFacts, { inbox, sent }: MailboxPlan, id: string): Check[] {
  return [
    folderCheck(facts.folders, inbox, id),
    sentCheck(facts.folders, sent, id),
    facts.capabilities.has('IDLE')
      ? fine({ id: 'imap-idle', inbox: id }, 'announced at once (IDLE)')
      : warning(
          { id: 'imap-idle', inbox: id },
          'The server has no IDLE.',
          'Baton asks for new mail every half minute instead, so mail is seen that much later.',
          'Nothing has to be done. Servers of today have it; an older one may have it switched off.',
        ),
    extensionsCheck(facts.capabilities, id),
  ];
}

function folderCheck(folders: readonly FolderFacts[], inbox: string, id: string): Check {
  const there = folders.some(({ path }) => sameFolder(path, inbox));
  if (there) return fine({ id: 'imap-folder', inbox: id }, `the folder ${inbox}`);
  return problem(
    { id: 'imap-folder', inbox: id },
    `There is no folder "${inbox}".`,
    'No mail is taken in.',
    `Write one of these as folders.inbox: ${namesOf(folders)}.`,
  );
}

/** INBOX alone is written in any case (RFC 3501 section 5.1). */
const sameFolder = (one: string, other: string): boolean =>
  one === other || (one.toUpperCase() === 'INBOX' && other.toUpperCase() === 'INBOX');

function sentCheck(folders: readonly FolderFacts[], sent: readonly string[], id: string): Check {
  const found = { id: 'imap-sent', inbox: id };
  const marked = sentFolderIn(folders);
  if (sent.length === 0)
    return marked === null
      ? skipped(found, 'no folder of sent mail is read (folders.sent is empty)')
      : warning(
          found,
          `No folder of sent mail is read, though there is "${marked}".`,
          'A customer who was answered from the shared mailbox still counts as waiting.',
          `Write folders: { sent: [${marked}] } for this inbox.`,
        );
  const missing = sent.filter((name) => !folders.some(({ path }) => path === name));
  if (missing.length === 0) return fine(found, `kept in ${sent.join(' and ')}`);
  return problem(
    found,
    `There is no folder "${missing.join('" or "')}".`,
    'Answers that somebody sends from the shared mailbox are not seen, and Baton goes on asking for one.',
    marked === null
      ? 'Write folders: { sent: [] } for this inbox, or make the folder.'
      : `Write folders: { sent: [${marked}] } for this inbox: that is what the server calls it.`,
  );
}

/** As the server marks it, or by the names that servers without marks use. */
export function sentFolderIn(folders: readonly FolderFacts[]): string | null {
  const marked = folders.find(({ use }) => use === '\\Sent');
  const named = folders.find(({ path }) => /^(?:INBOX[./])?Sent(?: Items| Mail| Messages)?$/i.test(path));
  return (marked ?? named)?.path ?? null;
}

function extensionsCheck(capabilities: ReadonlySet<string>, id: string): Check {
  const known = ['UIDPLUS', 'CONDSTORE', 'SPECIAL-USE', 'ESEARCH'].filter((name) => capabilities.has(name));
  const said = known.length === 0 ? 'none of the newer extensions' : known.join(', ');
  return fine({ id: 'imap-extensions', inbox: id }, `${said}; Baton needs none of them`);
}

const NAMES_MAX = 12;

function namesOf(folders: readonly FolderFacts[]): string {
  const names = folders.slice(0, NAMES_MAX).map(({ path }) => `"${path}"`);
  return names.length === 0 ? '(the server lists none)' : names.join(', ');
}
