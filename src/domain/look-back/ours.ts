/**
 * Who is on our side of a mail of the past, as the configuration says; or, where there is none, as the archive itself
 * shows: whoever writes from the inbox's address, from its domain, or from a folder of what was sent.
 */
import { asciiLower, domainOf, splitPlus } from '../address.ts';
import type { InboxId } from '../ids.ts';
import type { Address, Mail } from '../message.ts';
import type { Policy } from '../policy.ts';
import { fold, memberByAddress } from '../roster.ts';

export type Ours = {
  readonly inboxes: readonly { readonly id: InboxId; readonly address: string }[];
  /** Who of us writes from this address: a key that is the same for all addresses of one person; null: nobody. */
  readonly writerAt: (address: string) => string | null;
};

export function oursByPolicy(policy: Policy): Ours {
  const inboxes = [...policy.inboxes.values()].map(({ id, address }) => ({ id, address }));
  return {
    inboxes,
    writerAt: (address) => {
      const member = memberByAddress(policy, address, { includeInactive: true });
      return member === null ? inboxWriter(inboxes, address) : member.id;
    },
  };
}

/** `colleagues`: addresses that were found to write from our side, lower case. */
export function oursByAddress(addresses: readonly string[], colleagues: ReadonlySet<string>): Ours {
  const inboxes = addresses.map((address) => ({ id: asciiLower(address), address: asciiLower(address) }));
  const domains = new Set(addresses.map(domainOf).filter((domain) => !isPublic(domain)));
  return {
    inboxes,
    writerAt: (address) => {
      const lower = asciiLower(splitPlus(address).base);
      const isColleague = colleagues.has(lower) || domains.has(domainOf(lower));
      return inboxWriter(inboxes, address) ?? (isColleague ? lower : null);
    },
  };
}

function inboxWriter(inboxes: Ours['inboxes'], address: string): string | null {
  const base = asciiLower(splitPlus(address).base);
  return inboxes.find((inbox) => inbox.address === base)?.address ?? null;
}

/** Where anybody can have an address, a common domain says nothing: `gmail.com`, `yahoo.co.uk`. */
function isPublic(domain: string): boolean {
  const dot = domain.indexOf('.');
  return PUBLIC.has(domain.slice(0, dot)) && /^(?:[a-z]{2,3}|com?\.[a-z]{2})$/.test(domain.slice(dot + 1));
}

const PUBLIC: ReadonlySet<string> = new Set([
  ...[
    'gmail',
    'googlemail',
    'outlook',
    'hotmail',
    'live',
    'msn',
    'yahoo',
    'ymail',
    'aol',
    'icloud',
    'me',
    'mac',
  ],
  ...[
    'gmx',
    'web',
    'mail',
    't-online',
    'freenet',
    'posteo',
    'proton',
    'protonmail',
    'pm',
    'fastmail',
    'zoho',
  ],
  ...['yandex', 'mailbox', 'orange', 'free', 'laposte', 'wanadoo', 'libero', 'virgilio', 'qq', '163', '126'],
  ...['comcast', 'verizon', 'att', 'sbcglobal', 'btinternet', 'sky', 'bluewin', 'hey', 'tutanota', 'tuta'],
]);

/**
 * The inbox that a mail was written to: the first that it names, To before Cc, then its envelope, as intake has it;
 * else the one in whose mailbox it lies. Null: none.
 */
export function inboxAddressed(
  { inboxes }: Pick<Ours, 'inboxes'>,
  { to, cc, deliveredTo }: Pick<Mail, 'to' | 'cc' | 'deliveredTo'>,
  foundIn: InboxId | null,
): InboxId | null {
  for (const address of [...to.map((one) => one.address), ...cc.map((one) => one.address), ...deliveredTo]) {
    const base = asciiLower(splitPlus(address).base);
    const inbox = inboxes.find((one) => one.address === base);
    if (inbox !== undefined) return inbox.id;
  }
  return foundIn;
}

/**
 * Which person of ours wrote a mail: colleagues who share the inbox's address are told apart by the name that they
 * write under. Null: nobody of ours.
 */
export function authorOf(ours: Ours, from: readonly Address[], inSent: boolean): string | null {
  const [sender] = from;
  if (sender === undefined) return inSent ? '' : null;
  const writer = ours.writerAt(sender.address) ?? (inSent ? asciiLower(sender.address) : null);
  if (writer === null) return null;
  const isShared = ours.inboxes.some(({ address }) => address === writer);
  return isShared && sender.name !== '' ? `${writer} ${fold(sender.name)}` : writer;
}
