/** Whether everybody who had to be told was told, and nobody twice. */

import { HOUR, toIso } from '../../../../src/domain/instant.ts';
import type { Recipient, StoredNotice } from '../../../../src/domain/notices/notice.ts';
import type { NoticeRecord, YearRecord } from '../record.ts';
import type { Fault, FaultCode } from './fault.ts';
import { type Known, STEP_MAX } from './known.ts';

const of = (recipient: Recipient): string => {
  if (recipient.type === 'member') return recipient.member;
  return recipient.type === 'customer' ? 'the customer' : recipient.contact;
};

const placeOf = ({ conversationId, seq, recipient, body }: StoredNotice): string =>
  `request ${conversationId}, event ${seq}, ${body.kind} to ${of(recipient)}`;

/** What puts a question to somebody. */
const Asking = new Set(['offer', 'handoff', 'last-asked']);

export function judgeMails(known: Known, record: YearRecord): Fault[] {
  const faults: Fault[] = [];
  const fault = (what: FaultCode, where: string, detail: string): void =>
    void faults.push({ what, where, detail });
  const sent = Map.groupBy(record.deliveries, ({ key }) => key);
  const bundles = bundlesOf(record.notices);
  const places = new Map<string, string>();
  for (const { notice, key, state, settledAt } of record.notices) {
    // Of each mail of theirs people get a receipt, also where it changed nothing.
    const isOwn = notice.conversationId !== null && notice.body.kind !== 'receipt';
    const place = isOwn ? placeOf(notice) : notice.dedupeKey;
    if (places.has(place)) fault('told-twice', place, `two notices, ${places.get(place)} and ${key}`);
    places.set(place, key);
    const times = sent.get(key)?.length ?? 0;
    if (times > 1) fault('told-twice', place, `delivered ${times} times`);
    if (times !== (state === 'sent' ? 1 : 0))
      fault('not-told', place, `it is ${state} and was delivered ${times} times`);
    const inBundles = bundles.get(key) ?? 0;
    if (inBundles !== (state === 'bundled' ? 1 : 0))
      fault('told-twice', place, `it is ${state} and in ${inBundles} bundles`);
    if (settledAt === null && notice.createdAt < known.plan.end - HOUR)
      fault('not-told', place, `${state} since ${toIso(notice.createdAt)}`);
  }
  return [...faults, ...judgeEvents(record), ...judgeMoments(record), ...judgeWithdrawn(record)];
}

/** Whoever is the last to be asked reads in the question that its customer waits, and not beside it as well. */
function judgeMoments({ notices }: YearRecord): Fault[] {
  const about = notices
    .map(({ notice }) => notice)
    .filter(({ body }) => Moments.has(body.kind))
    .sort((a, b) => a.createdAt - b.createdAt);
  const byReader = Map.groupBy(
    about,
    ({ conversationId, recipient }) => `${conversationId}/${of(recipient)}`,
  );
  return [...byReader.values()].flatMap((theirs) =>
    theirs.slice(1).flatMap((notice, index): Fault[] => {
      const before = theirs[index];
      if (before === undefined || before.body.kind === notice.body.kind) return [];
      if (Math.abs(before.createdAt - notice.createdAt) > STEP_MAX) return [];
      const detail = `${before.body.kind} and ${notice.body.kind} at ${toIso(notice.createdAt)}`;
      return [{ what: 'told-twice', where: placeOf(notice), detail }];
    }),
  );
}

const Moments = new Set(['last-asked', 'answer-due']);

/** Nobody is told that a question is settled which they never had. */
function judgeWithdrawn({ conversations, notices }: YearRecord): Fault[] {
  const eventsOf = new Map(conversations.map(({ id, events }) => [id, events]));
  const about = Map.groupBy(notices, ({ notice }) => `${notice.conversationId}/${notice.seq}`);
  return notices.flatMap(({ notice, state }): Fault[] => {
    const { conversationId: id, seq, body, recipient } = notice;
    if (body.kind !== 'withdrawn' || state !== 'sent' || id === null || seq === null) return [];
    const earlier = (eventsOf.get(id) ?? []).slice(0, seq - 1);
    const asked = earlier.slice(earlier.findLastIndex(({ type }) => type === 'offered'));
    const questions = asked
      .flatMap((event) => about.get(`${id}/${event.seq}`) ?? [])
      .filter(({ notice: one }) => Asking.has(one.body.kind) && of(one.recipient) === of(recipient));
    if (questions.some((one) => one.state === 'sent' || one.state === 'bundled')) return [];
    const states = questions.map((one) => one.state).join(', ');
    return [{ what: 'told-in-vain', where: placeOf(notice), detail: `its questions were ${states}` }];
  });
}

function bundlesOf(notices: readonly NoticeRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { notice } of notices) {
    if (notice.body.kind !== 'bundle') continue;
    for (const key of notice.body.notices) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Each question has one mail, and no mail tells of an event at another time than it happened. */
function judgeEvents({ conversations, notices }: YearRecord): Fault[] {
  const about = Map.groupBy(notices, ({ notice }) => `${notice.conversationId}/${notice.seq}`);
  return conversations.flatMap(({ id, events }) =>
    events.flatMap((event, index): Fault[] => {
      const told = about.get(`${id}/${event.seq}`) ?? [];
      const where = `request ${id}, event ${event.seq}`;
      const faults: Fault[] = told
        .filter(({ notice: { body } }) => body.kind !== 'receipt' && body.kind !== 'not-counted')
        .filter(({ notice }) => Math.abs(notice.createdAt - event.at) > STEP_MAX)
        .map(({ notice }) => ({
          ...{ what: 'out-of-order', where },
          detail: `${event.type} at ${toIso(event.at)}, its ${notice.body.kind} at ${toIso(notice.createdAt)}`,
        }));
      const before = events[index - 1];
      if (event.seq !== index + 1 || (before !== undefined && before.at >= event.at))
        faults.push({ what: 'out-of-order', where, detail: `${event.type} at ${toIso(event.at)}` });
      if (event.type !== 'offered') return faults;
      const asked = told.filter(
        ({ notice: { body, recipient } }) => Asking.has(body.kind) && of(recipient) === event.to,
      );
      if (asked.length !== 1)
        faults.push({ what: 'not-told', where, detail: `${event.to} was asked by ${asked.length} mails` });
      return faults;
    }),
  );
}
