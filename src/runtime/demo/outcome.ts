/**
 * Whether the day went as promised: `verify` over database, mailboxes and everything that was received, and then what
 * this story must have come to.
 */
import { postgresAudit } from '../../adapters/db/audit.ts';
import { postgresBoard } from '../../adapters/db/board.ts';
import type { Pool } from '../../adapters/db/pool.ts';
import { type Report, verify } from '../../app/verify.ts';
import type { Disposition } from '../../domain/disposition.ts';
import { sinkMail } from '../sink-folder.ts';
import type { Stage } from './stage.ts';
import type { Received } from './world.ts';

export type Outcome = {
  readonly requests: number;
  /** Of these, how many somebody answered for without a gap. */
  readonly accountable: number;
  readonly lost: number;
  readonly duplicated: number;
  /** In words; empty when every promise and every expectation held. */
  readonly violations: readonly string[];
};

/** Who must answer for what when the day is over; null: it is done. */
const OWNERS: Readonly<Record<string, string | null>> = {
  'Leak under': 'priya',
  'My deposit': null,
  'No heating': 'sam',
  'Front door': 'priya',
  Nebenkosten: 'leah',
  'Your invoice': null,
  'THIRD TIME': 'leah',
  'Two-bed': 'leah',
  Bathroom: null,
  'black spots': 'priya',
  Bins: 'leah',
  'Fire alarm': 'priya',
  gutters: 'priya',
  'Contact form': 'leah',
  'Locked out': null,
  Tortoise: 'leah',
  'Standing order': 'dana',
  Dog: 'leah',
  'Moving out': 'leah',
  Window: 'leah',
};

/** How many mails must have come to what. */
const DISPOSITIONS: Readonly<Partial<Record<Disposition, number>>> = {
  request: 20,
  history: 3,
  bulk: 1,
  duplicate: 2,
  bounce: 1,
  'auto-reply': 2,
  report: 1,
  own: 1,
  parked: 1,
  'teammate-reply': 2,
  'teammate-note': 1,
  'command-refused': 1,
};

export async function judgeDay(stage: Stage, signal: AbortSignal): Promise<Outcome> {
  const { services, pool, clock, received } = stage;
  const audit = postgresAudit({ pool, time: clock });
  const report = await verify({
    audit,
    readerOf: ({ inboxId }) => services.readerOf(inboxId),
    sink: received.map(({ to, raw }, index) =>
      sinkMail(
        `received mail ${index + 1}`,
        `X-Rcpt-Args: <${to}>\r\n${Buffer.from(raw).toString('latin1')}`,
      ),
    ),
    signal,
  });
  const { counts } = report;
  return {
    requests: counts.conversations,
    accountable: counts.conversations - withGaps(report),
    lost: stage.mailsHeld() - (counts.messages - (counts.dispositions.unsettled ?? 0)),
    duplicated: duplicates(received) + (await repeatedAcknowledgements(audit)),
    violations: [
      ...report.violations.map(({ invariant, what, ids }) => `${invariant} ${what}: ${ids.join(', ')}`),
      ...(await missedExpectations(pool, report)),
    ],
  };
}

const withGaps = ({ violations }: Report): number =>
  new Set(violations.filter(({ invariant }) => invariant === 'I3').flatMap(({ ids }) => ids)).size;

/** Copies beyond the first of one notice. */
const duplicates = (received: readonly Received[]): number =>
  received.length - new Set(received.map(({ mail, to }) => `${mail.messageId} ${to}`)).size;

async function repeatedAcknowledgements(audit: ReturnType<typeof postgresAudit>): Promise<number> {
  const sent = (await audit.attemptedNotices()).filter(({ kind }) => kind === 'acknowledgement');
  return sent.length - new Set(sent.map(({ conversationId }) => conversationId)).size;
}

async function missedExpectations(pool: Pool, { counts }: Report): Promise<string[]> {
  const requests = await postgresBoard(pool).requests();
  const missed: string[] = [];
  for (const [subject, owner] of Object.entries(OWNERS)) {
    const found = requests.filter((request) => request.subject.includes(subject));
    const [first] = found;
    if (first === undefined || found.length > 1)
      missed.push(`${found.length} requests about "${subject}" instead of one`);
    else if (first.state.accountable !== owner) {
      missed.push(`"${subject}" is ${said(first.state.accountable)} and should be ${said(owner)}`);
    }
  }
  for (const [disposition, expected] of Object.entries(DISPOSITIONS)) {
    const found = counts.dispositions[disposition as Disposition] ?? 0;
    if (found !== expected) missed.push(`${found} mails are "${disposition}" and ${expected} should be`);
  }
  return missed;
}

const said = (owner: string | null): string => (owner === null ? 'done' : `${owner}'s`);

export const lastLine = ({ requests, accountable, lost, duplicated }: Outcome): string =>
  `${requests} requests, ${accountable} accountable at every instant, ${lost} lost, ${duplicated} duplicated`;

/** Whether every promise held; what did not is in the violations, or in the figures themselves. */
export const isKept = ({ requests, accountable, lost, duplicated, violations }: Outcome): boolean =>
  violations.length === 0 && accountable === requests && lost === 0 && duplicated === 0;
