/** What a digest tells, from the tables of the memory store, and the rows that let each standing mail go out once. */
import type { SettledMail, Title } from '../../../src/app/ports/digests.ts';
import { attentionOf } from '../../../src/domain/digest/attention.ts';
import {
  type DigestFacts,
  type DigestQuestion,
  LAID_ASIDE_DAYS,
  LAID_ASIDE_OFTEN,
  type Load,
  type LookedAt,
  UNREACHED_DAYS,
  type UnreachedMember,
} from '../../../src/domain/digest/facts.ts';
import type { ConversationId, MemberId, NoticeId } from '../../../src/domain/ids.ts';
import { DAY, type Instant } from '../../../src/domain/instant.ts';
import type { StandingKind } from '../../../src/domain/standing-mails.ts';
import { openParked } from './parked.ts';
import { byNumber, type ConversationRow, mustGet, type OutboxRow, type Tables } from './tables.ts';

export function readDigest(tables: Tables, question: DigestQuestion): DigestFacts {
  const { inboxes, at, since } = question;
  const isHere = (inboxId: string): boolean => inboxes.includes(inboxId);
  const open = tables.open
    .keys()
    .sort(byNumber)
    .map((id) => mustGet(tables.conversations, id, 'conversation'))
    .filter(({ state }) => isHere(state.inboxId));
  const messages = tables.messages
    .values()
    .filter((row) => isHere(row.inboxId) && !row.history && row.storedAt > since && row.storedAt <= at);
  const lost = tables.outbox.values().filter((row) => isHere(row.notice.inboxId) && mayCount(row));
  const doubted = lost.filter(
    ({ notice: { body, createdAt } }) => body.kind === 'not-counted' && createdAt > since,
  );
  return {
    requests: open.flatMap((row) => lookedAt(row, question)),
    isCut: false,
    parked: openParked(tables)
      .filter(({ inboxId }) => isHere(inboxId))
      .map(({ id, inboxId, since, accountable }) => ({ id, inboxId, since, accountable })),
    unreached: unreachedIn(tables, lost, at),
    load: loadOf(open),
    unowned: open.filter(({ state: { phase } }) => phase === 'arrived' || phase === 'offered').length,
    changes: changesIn(tables, question),
    mail: {
      received: messages.length,
      unsettled: messages.filter(({ stage }) => stage !== 'settled').length,
      unsent: lost.filter((row) => isLost(row, since) && row.notice.recipient.type !== 'member').length,
      doubtful: doubted.length,
      doubtfulIn: [...new Set(doubted.flatMap(({ notice }) => notice.conversationId ?? []))].sort(byNumber),
      junk: null,
      outages: [],
    },
  };
}

function changesIn(tables: Tables, { inboxes, at, since }: DigestQuestion): DigestFacts['changes'] {
  const events = tables.conversations
    .values()
    .filter(({ state }) => state.lastEventAt > since && inboxes.includes(state.inboxId))
    .flatMap((row) => row.events.filter((event) => event.at > since && event.at <= at));
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  return { arrived: count('arrived'), finished: count('done'), reopened: count('reopened') };
}

/** Few of many: what was lost or came back, and what was not counted. */
const mayCount = ({ state, returned, notice: { body } }: OutboxRow): boolean =>
  state === 'failed' || state === 'dropped' || returned !== null || body.kind === 'not-counted';

function lookedAt({ state, events }: ConversationRow, question: DigestQuestion): LookedAt[] {
  const { at, untakenBefore } = question;
  if (state.phase === 'done') return [];
  const laidAside = events.filter(
    (event) => event.type === 'snoozed' && event.at > at - LAID_ASIDE_DAYS * DAY,
  ).length;
  const isWrong =
    attentionOf(state).length > 0 ||
    laidAside >= LAID_ASIDE_OFTEN ||
    (state.phase !== 'owned' && state.openedAt < (untakenBefore.get(state.inboxId) ?? 0));
  return isWrong ? [{ state, laidAside: laidAside >= LAID_ASIDE_OFTEN ? laidAside : 0 }] : [];
}

const isLost = ({ state, settledAt, code }: OutboxRow, since: Instant): boolean =>
  (state === 'failed' || (state === 'dropped' && code === 'bad-address')) && (settledAt ?? 0) > since;

function unreachedIn(tables: Tables, rows: readonly OutboxRow[], at: Instant): UnreachedMember[] {
  const from = at - UNREACHED_DAYS * DAY;
  const lost = rows.flatMap((row): { member: MemberId; at: Instant; code: string }[] => {
    const { notice, settledAt, code, returned } = row;
    if (notice.recipient.type !== 'member') return [];
    const { member } = notice.recipient;
    if (isLost(row, from)) return [{ member, at: settledAt ?? 0, code: code ?? 'unknown' }];
    const isBack = returned?.as === 'failed' && returned.at > from;
    return isBack ? [{ member, at: returned.at, code: returned.failure?.reason ?? 'unknown' }] : [];
  });
  const receiptAfter = (member: MemberId, lostAt: Instant): boolean => {
    const isSince = (id: NoticeId) => mustGet(tables.outbox, id, 'notice').notice.createdAt > lostAt;
    const since = [...tables.noticesTo.latest(member, isSince)];
    return since.some((id) => {
      const { body, dedupeKey } = mustGet(tables.outbox, id, 'notice').notice;
      return body.kind === 'receipt' && !dedupeKey.startsWith('order:');
    });
  };
  const still = lost.filter(
    ({ member, at: lostAt }) =>
      mustGet(tables.members, member, 'member').leftAt === null && !receiptAfter(member, lostAt),
  );
  return [...Map.groupBy(still, ({ member }) => member)]
    .map(([member, all]) => ({
      member,
      count: all.length,
      since: Math.min(...all.map((one) => one.at)),
      code: all.toSorted((a, b) => b.at - a.at)[0]?.code ?? 'unknown',
    }))
    .sort((a, b) => a.since - b.since || (a.member < b.member ? -1 : 1));
}

function loadOf(rows: readonly ConversationRow[]): Load[] {
  const loads = new Map<MemberId, { open: number; asked: number }>();
  const add = (member: MemberId | null, what: 'open' | 'asked'): void => {
    if (member === null) return;
    const known = loads.get(member) ?? { open: 0, asked: 0 };
    loads.set(member, { ...known, [what]: known[what] + 1 });
  };
  for (const { state } of rows) {
    if (state.phase === 'owned') add(state.owner, 'open');
    add(state.offer?.to ?? null, 'asked');
  }
  return [...loads]
    .map(([member, load]) => ({ member, ...load }))
    .sort((a, b) => (a.member < b.member ? -1 : 1));
}

export function readTitles(tables: Tables, ids: readonly ConversationId[]): Map<ConversationId, Title> {
  return new Map(
    ids.flatMap((id) => {
      const known = tables.conversations.get(id);
      const words = known?.words ?? null;
      if (known === undefined || words === null) return [];
      const wroteAt = tables.messages.get(known.state.lastCustomerMessage)?.storedAt ?? null;
      return [[id, { subject: words.subject, customer: words.customer, wroteAt }] as const];
    }),
  );
}

const keyOf = ({ member, kind, date }: Pick<SettledMail, 'member' | 'kind' | 'date'>): string =>
  `${member}/${kind}/${date}`;

export function claimStandingMail(tables: Tables, mail: SettledMail): boolean {
  mustGet(tables.members, mail.member, 'member');
  if (tables.standingMails.has(keyOf(mail))) return false;
  tables.standingMails.set(keyOf(mail), mail);
  return true;
}

export function lastStandingMail(tables: Tables, member: MemberId, kind: StandingKind): SettledMail | null {
  const all = tables.standingMails.values().filter((mail) => mail.member === member && mail.kind === kind);
  return all.sort((a, b) => (a.date < b.date ? 1 : -1))[0] ?? null;
}
