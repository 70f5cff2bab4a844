/**
 * Compares what was put into the mailbox with what is there to see afterwards. Pure: what it finds can be planted, and a
 * test plants each. What `baton verify` checks by looking at Baton's own words is not repeated here; this knows what
 * was really sent in.
 */

import { STRANGERS } from './mails.ts';
import type { Injected } from './manifest.ts';
import type { Notice, Observed, Row } from './observed.ts';

export type Broken = {
  readonly invariant: string;
  readonly what: string;
  readonly ids: readonly (string | number)[];
};

export type Injections = {
  readonly mails: readonly Injected[];
  /** Flags that people set, by file. */
  readonly flags: ReadonlyMap<string, ReadonlySet<string>>;
};

type Case = {
  readonly mails: readonly Injected[];
  readonly injections: Injections;
  readonly observed: Observed;
  /** Rows of these bytes, or, of a mail too large to be read whole, of this Message-ID. */
  readonly rowsOf: (mail: Injected) => readonly Row[];
  readonly noticesOf: (kind: string, conversation: number) => readonly Notice[];
};

/** Empty: nothing is wrong. */
export function check(injections: Injections, observed: Observed): Broken[] {
  const byHash = Map.groupBy(observed.rows, ({ rawHash }) => rawHash ?? '');
  const notices = Map.groupBy(observed.notices, ({ kind, conversationId }) => `${kind} ${conversationId}`);
  const one: Case = {
    mails: injections.mails,
    injections,
    observed,
    rowsOf: ({ hash }) => byHash.get(hash) ?? [],
    noticesOf: (kind, conversation) => notices.get(`${kind} ${conversation}`) ?? [],
  };
  return CHECKS.flatMap((look) => look(one)).filter(({ ids }) => ids.length > 0);
}

const CHECKS: readonly ((one: Case) => readonly Broken[])[] = [
  rows,
  requests,
  acknowledgements,
  orders,
  forgeries,
  machines,
  accountability,
  sink,
  mailbox,
  ({ observed }) => [
    { invariant: 'I13', what: 'words of mails or secrets where they should not be', ids: observed.leaks },
  ],
];

const named = ({ number, class: name, variant, file }: Injected): string =>
  `${number} (${name}, ${variant}) ${file}`;

const mailsWhere = (mails: readonly Injected[], isWrong: (mail: Injected) => boolean): string[] =>
  mails.filter(isWrong).map(named);

/** What still lies there, and what nobody took away before it must have been seen. */
function mustBeThere(observed: Observed): (mail: Injected) => boolean {
  const lying = new Set(observed.lying.map(({ file }) => file));
  return (mail) => !mail.atRisk || lying.has(mail.file);
}

function rows(one: Case): Broken[] {
  const { mails, rowsOf, observed } = one;
  const must = mustBeThere(observed);
  const hashes = new Set(mails.map(({ hash }) => hash));
  return [
    {
      invariant: 'I1',
      what: 'mails without a row',
      ids: mailsWhere(mails, (mail) => must(mail) && rowsOf(mail).length === 0),
    },
    {
      invariant: 'I1',
      what: 'mails of which several rows are no copies of another',
      ids: mailsWhere(mails, (mail) => rowsOf(mail).filter(({ copyOf }) => copyOf === null).length > 1),
    },
    {
      invariant: 'I1',
      what: 'rows of mails that nobody wrote',
      ids: observed.rows
        .filter(({ rawHash }) => rawHash !== null && !hashes.has(rawHash))
        .map(({ id }) => id),
    },
    {
      invariant: 'I15',
      what: 'mails that came to no end',
      ids: observed.rows
        .filter(({ stage, disposition }) => stage !== 'settled' || disposition === null)
        .map(({ id }) => id),
    },
  ];
}

/** Their senders wrote nothing before, so each is a request of its own; what came back is a machine's. */
const isNew = ({ class: name, variant }: Injected): boolean =>
  ['request', 'odd', 'large'].includes(name) && !variant.includes('came back');

/**
 * The request of a new customer's mail: the one that it opened, or, where more from them was read before it, the one
 * that this opened. Of a mail and its copies whichever is read first is the request, and the others are copies of it.
 */
function requestOf({ mails, rowsOf, observed }: Case): (mail: Injected) => number | null {
  const requests = new Map(observed.requests.map((request) => [request.id, request]));
  const rows = new Map(observed.rows.map((row) => [row.id, row]));
  const writers = new Map(mails.flatMap((mail) => rowsOf(mail).map(({ id }) => [id, mail.from] as const)));
  return (mail) => {
    let row = rowsOf(mail).find(({ copyOf }) => copyOf === null) ?? rowsOf(mail)[0];
    while (row !== undefined && row.copyOf !== null) row = rows.get(row.copyOf);
    const request = requests.get(row?.conversationId ?? -1);
    return request !== undefined && writers.get(request.openedBy ?? -1) === mail.from ? request.id : null;
  };
}

/** The requests that the rows of this mail opened. */
function openedBy({ rowsOf, observed }: Case): (mail: Injected) => readonly number[] {
  const byRow = new Map(observed.requests.map(({ id, openedBy }) => [openedBy ?? -1, id]));
  return (mail) =>
    rowsOf(mail).flatMap(({ id }) => {
      const request = byRow.get(id);
      return request === undefined ? [] : [request];
    });
}

function requests(one: Case): Broken[] {
  const { mails, rowsOf, observed } = one;
  const opened = openedBy(one);
  const request = requestOf(one);
  const rowIds = new Set(observed.rows.map(({ id }) => id));
  return [
    {
      invariant: 'I2',
      what: 'mails of new customers that are in no request of theirs',
      ids: mailsWhere(mails, (mail) => isNew(mail) && rowsOf(mail).length > 0 && request(mail) === null),
    },
    {
      invariant: 'I2',
      what: 'mails that opened several requests',
      ids: mailsWhere(mails, (mail) => opened(mail).length > 1),
    },
    {
      invariant: 'I2',
      what: 'requests that no mail opened',
      ids: observed.requests
        .filter(({ openedBy }) => openedBy !== null && !rowIds.has(openedBy))
        .map(({ id }) => id),
    },
  ];
}

/** Notices that are on record as not sent, with the reason. */
const isExplained = ({ state, code, tries }: Notice): boolean =>
  (['failed', 'dropped'].includes(state) && code !== null) || (state === 'pending' && tries > 0);

function acknowledgements(one: Case): Broken[] {
  const { mails, observed, noticesOf } = one;
  const request = requestOf(one);
  const told = Map.groupBy(
    observed.sunk.filter(({ kind }) => kind === 'acknowledgement'),
    ({ messageId }) => messageId.split('@')[0] ?? '',
  );
  const received = (notices: readonly Notice[]) => notices.filter(({ key }) => told.has(key)).length;
  const ofMail = (mail: Injected) => noticesOf('acknowledgement', request(mail) ?? -1);
  const addresses = Map.groupBy(
    observed.sunk.filter(({ kind }) => kind === 'acknowledgement'),
    ({ envelopeTo }) => envelopeTo,
  );
  const fresh = new Map(mails.filter(isNew).map((mail) => [mail.from, mail]));
  const sameAddress = new Set(mails.filter((mail) => !isNew(mail)).map(({ from }) => from));
  return [
    {
      invariant: 'I4',
      what: 'customers without a confirmation, and no record of why',
      ids: mailsWhere(
        mails,
        (mail) =>
          isNew(mail) &&
          request(mail) !== null &&
          received(ofMail(mail)) === 0 &&
          !ofMail(mail).some(isExplained),
      ),
    },
    {
      invariant: 'I4',
      what: 'customers who wrote once and got several confirmations',
      ids: [...addresses].flatMap(([address, copies]) =>
        fresh.has(address) &&
        !sameAddress.has(address) &&
        new Set(copies.map(({ messageId }) => messageId)).size > 1
          ? [address]
          : [],
      ),
    },
  ];
}

const ANSWERED = ['command', 'command-refused', 'teammate-note', 'teammate-reply'];

function orders(one: Case): Broken[] {
  const { mails, rowsOf, observed } = one;
  const receipts = new Set(observed.notices.flatMap(({ receiptOf }) => receiptOf ?? []));
  const ofOrders = mails.filter(({ class: name }) => name === 'order');
  const original = (mail: Injected) => rowsOf(mail).find(({ copyOf }) => copyOf === null);
  return [
    {
      invariant: 'I7',
      what: 'orders of members that did not count as theirs',
      ids: mailsWhere(ofOrders, (mail) => {
        const row = original(mail);
        return row !== undefined && !ANSWERED.includes(row.disposition ?? '');
      }),
    },
    {
      invariant: 'I7',
      what: 'orders of members that got no receipt',
      ids: mailsWhere(ofOrders, (mail) => {
        const row = original(mail);
        return row !== undefined && row.reasonCode !== 'no-more-receipts' && !receipts.has(row.id);
      }),
    },
  ];
}

function forgeries({ mails, rowsOf, observed }: Case): Broken[] {
  const forged = mails.filter(({ class: name }) => name === 'forged');
  const receipts = new Set(observed.notices.flatMap(({ receiptOf }) => receiptOf ?? []));
  return [
    {
      invariant: 'I7',
      what: 'forged orders that counted',
      ids: mailsWhere(forged, (mail) =>
        rowsOf(mail).some(({ id, disposition }) => disposition === 'command' || receipts.has(id)),
      ),
    },
    {
      invariant: 'I7',
      what: 'mails to an attacker',
      ids: observed.sunk
        .filter(({ envelopeTo }) => envelopeTo.startsWith('mallory') && envelopeTo.endsWith(STRANGERS))
        .map(({ file }) => file),
    },
  ];
}

function machines(one: Case): Broken[] {
  const { mails, observed } = one;
  const opened = openedBy(one);
  return [
    {
      invariant: 'I2',
      what: 'mails of machines that opened a request',
      ids: mailsWhere(mails, (mail) => mail.class === 'robot' && opened(mail).length > 0),
    },
    {
      invariant: 'I11',
      what: 'mails to machines that answer',
      ids: observed.sunk
        .filter(({ envelopeTo }) => envelopeTo.endsWith('@robots.example'))
        .map(({ file }) => file),
    },
  ];
}

function accountability({ observed }: Case): Broken[] {
  const spans = Map.groupBy(observed.ledger, ({ conversationId }) => conversationId);
  const isGapless = (id: number): boolean => {
    const own = spans.get(id) ?? [];
    return (
      own.length > 0 &&
      own.every(
        ({ from, until }, at) => (own[at + 1]?.from ?? null) === until && (until === null || until > from),
      )
    );
  };
  return [
    {
      invariant: 'I3',
      what: 'requests for which nobody answered for a while, or two did',
      ids: observed.requests.filter(({ id }) => !isGapless(id)).map(({ id }) => id),
    },
  ];
}

function sink({ observed }: Case): Broken[] {
  const known = new Map(observed.notices.map((notice) => [notice.key, notice]));
  const keyOf = (messageId: string): string => messageId.split('@')[0] ?? '';
  const copies = Map.groupBy(observed.sunk, ({ messageId }) => messageId);
  const came = new Set([...copies.keys()].map(keyOf));
  return [
    {
      invariant: 'I5',
      what: 'mails that belong to no notice',
      ids: observed.sunk.filter(({ messageId }) => !known.has(keyOf(messageId))).map(({ file }) => file),
    },
    {
      invariant: 'I6',
      what: 'copies that differ, or are more than tries whose outcome is unknown explain',
      ids: [...copies].flatMap(([messageId, group]) => {
        const uncertain = known.get(keyOf(messageId))?.uncertain ?? 0;
        const differ = new Set(group.map(({ hash }) => hash)).size > 1;
        return differ || group.length > 1 + uncertain ? [messageId] : [];
      }),
    },
    {
      invariant: 'I5',
      what: 'notices that were sent and never came',
      ids: observed.notices
        .filter(({ key, state }) => state === 'sent' && !came.has(key))
        .map(({ id }) => id),
    },
  ];
}

const LETTERS: Readonly<Record<string, string>> = { '\\Seen': 'S', '\\Flagged': 'F' };

function mailbox({ injections, observed }: Case): Broken[] {
  const known = new Set(injections.mails.map(({ file }) => file));
  return [
    {
      invariant: 'I12',
      what: 'flags that no person set',
      ids: observed.lying
        .filter(({ file, flags }) => {
          const set = [...(injections.flags.get(file) ?? [])].map((flag) => LETTERS[flag]);
          return [...flags].some((letter) => !set.includes(letter));
        })
        .map(({ file }) => file),
    },
    {
      invariant: 'I12',
      what: 'mails in the mailbox that nobody put there',
      ids: observed.lying.filter(({ file }) => !known.has(file)).map(({ file }) => file),
    },
  ];
}
