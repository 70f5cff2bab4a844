/** The hosts as a small picture, and what happened to them as a table. */
import { table } from '../../../src/cli/table.ts';
import type { Event } from './events.ts';
import { ADDRESS_OF, HOSTS, SERVERS } from './network.ts';

const SERVER_WORDS = {
  postgres: 'PostgreSQL',
  redis: 'Redis',
  dovecot: 'Dovecot',
  sink: 'smtp-sink',
} as const;
const WIDTH = 24;

/** Each box is a network namespace, each line a pair of virtual links. */
export function picture(): string[] {
  const boxes = [
    [
      'servers, and the judge',
      ...Object.entries(SERVERS).map(
        ([name, address]) => `${address} ${SERVER_WORDS[name as keyof typeof SERVERS]}`,
      ),
    ],
    ...HOSTS.map((host) => [
      `host ${host}`,
      ADDRESS_OF[host],
      'poller, classifier,',
      'router, replies,',
      'mailer, clock',
    ]),
  ];
  const lines = (boxes[0] ?? []).map((_, at) =>
    boxes
      .map((box) => (box[at] ?? '').padEnd(WIDTH))
      .join(' ')
      .trimEnd(),
  );
  const rail = `   +${'-'.repeat(WIDTH)}`.repeat(HOSTS.length);
  const stems = '   |'
    .padEnd(WIDTH + 1)
    .repeat(boxes.length)
    .trimEnd();
  return [
    `${' '.repeat(WIDTH)}router`,
    `${rail.replaceAll('   +', '+').replace('+', '   +')}+`,
    stems,
    ...lines,
  ];
}

const seconds = (ms: number | null): string => (ms === null ? 'no' : (ms / 1_000).toFixed(1));

export const eventTable = (events: readonly Event[]): string[] =>
  table(
    [
      ...['host', 'what happened', 'for s', 'taken over after s', 'letters', 'confirmed meanwhile'],
      ...['slowest s', 'host back after s', 'all through after s'],
    ],
    events.map((event) => [
      ...[
        event.host,
        event.what,
        seconds(event.lastedMs),
        seconds(event.takenOverMs),
        event.lettersMeanwhile,
      ],
      ...[
        event.confirmedMeanwhile,
        seconds(event.slowestMs),
        seconds(event.backMs),
        seconds(event.caughtUpMs),
      ],
    ]),
  );
