/** How things stand in the database, as gauges; one process of a Baton tells them, since all would tell the same. */
import { Gauge, type Registry } from 'prom-client';
import type { Standing } from '../../app/ports/gauges.ts';
import { type Duration, SECOND } from '../../domain/instant.ts';

type Series = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

type Definition = {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly of: (standing: Standing) => readonly Series[];
};

const UP_TO = 'Counted up to 10,000.';
/** Worst first; each means that a time which somebody was told is over. */
const OVERDUE: ReadonlySet<string> = new Set(['nobody-took', 'answer-late', 'overdue']);

const seconds = (length: Duration): number => length / SECOND;
const one = (value: number): Series[] => [{ labels: {}, value }];

const DEFINITIONS: readonly Definition[] = [
  {
    name: 'baton_requests',
    help: `Requests: open, of these unaccepted (nobody has said that it is theirs), and overdue (nobody took it, or an answer or a date is late). ${UP_TO}`,
    labels: ['inbox', 'state'],
    of: ({ requests, attention }) =>
      requests.flatMap(({ inboxId: inbox, open, unaccepted }) => [
        { labels: { inbox, state: 'open' }, value: open },
        { labels: { inbox, state: 'unaccepted' }, value: unaccepted },
        {
          labels: { inbox, state: 'overdue' },
          value: attention
            .filter(({ inboxId, why }) => inboxId === inbox && OVERDUE.has(why))
            .reduce((sum, { count }) => sum + count, 0),
        },
      ]),
  },
  {
    name: 'baton_requests_attention',
    help: `Open requests by the worst that their state tells. ${UP_TO}`,
    labels: ['inbox', 'why'],
    of: ({ attention }) =>
      attention.map(({ inboxId: inbox, why, count: value }) => ({ labels: { inbox, why }, value })),
  },
  {
    name: 'baton_work_waiting',
    help: `Rows that wait for a worker: mails to classify, requests to route, replies, notices that are due. ${UP_TO}`,
    labels: ['step'],
    of: ({ waiting }) => waiting.map(({ bell: step, count: value }) => ({ labels: { step }, value })),
  },
  {
    name: 'baton_work_oldest_seconds',
    help: 'For how long the oldest of them has waited.',
    labels: ['step'],
    of: ({ waiting }) =>
      waiting.map(({ bell: step, oldest }) => ({ labels: { step }, value: seconds(oldest) })),
  },
  {
    name: 'baton_outbox_failed',
    help: `Notices that were given up in the last 24 hours. ${UP_TO}`,
    labels: ['inbox'],
    of: ({ failed, requests }) =>
      requests.map(({ inboxId: inbox }) => ({
        labels: { inbox },
        value: failed.find(({ inboxId }) => inboxId === inbox)?.count ?? 0,
      })),
  },
  {
    name: 'baton_mailbox_connected',
    help: 'Whether a poller reads the folder and has met no trouble.',
    labels: ['inbox', 'folder'],
    of: ({ folders }) =>
      folders.map(({ inboxId: inbox, folder, connected }) => ({
        labels: { inbox, folder },
        value: connected ? 1 : 0,
      })),
  },
  {
    name: 'baton_mailbox_looked_seconds',
    help: 'Since the server was last asked for mail.',
    labels: ['inbox', 'folder'],
    of: ({ folders }) =>
      folders.flatMap(({ inboxId: inbox, folder, lookedAgo }) =>
        lookedAgo === null ? [] : [{ labels: { inbox, folder }, value: seconds(lookedAgo) }],
      ),
  },
  {
    name: 'baton_mailbox_missing',
    help: 'Mails on the server without a row, at the last comparison.',
    labels: ['inbox', 'folder'],
    of: ({ folders }) =>
      folders.map(({ inboxId: inbox, folder, missing: value }) => ({ labels: { inbox, folder }, value })),
  },
  {
    name: 'baton_outage_seconds',
    help: 'For how long mail has not flowed: intake, reading, sending, canary, paging.',
    labels: ['inbox', 'kind'],
    of: ({ outages }) =>
      outages.map(({ inboxId: inbox, kind, lasts }) => ({ labels: { inbox, kind }, value: seconds(lasts) })),
  },
  {
    name: 'baton_canary_seconds',
    help: 'How long the last mail that an inbox sent to itself took.',
    labels: ['inbox'],
    of: ({ canaries }) =>
      canaries.map(({ inboxId: inbox, took }) => ({ labels: { inbox }, value: seconds(took) })),
  },
  {
    name: 'baton_canary_age_seconds',
    help: 'Since it came back.',
    labels: ['inbox'],
    of: ({ canaries }) =>
      canaries.map(({ inboxId: inbox, age }) => ({ labels: { inbox }, value: seconds(age) })),
  },
  {
    name: 'baton_pages_waiting',
    help: 'Urgent pages on their way.',
    labels: [],
    of: ({ pages }) => one(pages.waiting),
  },
  {
    name: 'baton_pages_failed',
    help: 'Urgent pages that were given up in the last 24 hours.',
    labels: [],
    of: ({ pages }) => one(pages.failed),
  },
  {
    name: 'baton_parked',
    help: `Mails that could not be read and wait for a person. ${UP_TO}`,
    labels: [],
    of: ({ parked }) => one(parked.count),
  },
  {
    name: 'baton_parked_oldest_seconds',
    help: 'For how long the oldest of them has waited.',
    labels: [],
    of: ({ parked }) => one(seconds(parked.oldest)),
  },
  {
    name: 'baton_clock_late_seconds',
    help: 'For how long the oldest clock that has run out has not been seen to.',
    labels: [],
    of: ({ clocksLate }) => one(seconds(clocksLate)),
  },
  {
    name: 'baton_model_version',
    help: 'Which model is in use; absent: none is.',
    labels: [],
    of: ({ model }) => (model === null ? [] : one(model.version)),
  },
  {
    name: 'baton_model_age_seconds',
    help: 'Since it was made.',
    labels: [],
    of: ({ model }) => (model === null ? [] : one(seconds(model.age))),
  },
];

/** `set` with null takes all series away: what is not known is not told. */
export function standingGauges(registers: Registry[]): { set(standing: Standing | null): void } {
  const gauges = DEFINITIONS.map(({ name, help, labels, of }) => ({
    ...{ of, isSingle: labels.length === 0 },
    gauge: new Gauge({ name, help, labelNames: [...labels], registers }),
  }));
  return {
    set(standing) {
      for (const { gauge, of, isSingle } of gauges) {
        gauge.reset();
        // What has no labels is reset to a nought that nobody counted.
        if (isSingle) gauge.remove();
        for (const { labels, value } of standing === null ? [] : of(standing)) gauge.set(labels, value);
      }
    },
  };
}
