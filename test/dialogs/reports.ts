/** What mail systems report in a transcript: of the latest mail to somebody, or the latest of a kind. */
import { type Report, writeOpened, writeReport } from '../support/reports.ts';
import { comesIn, inboxesOf, latestTo, newMessageId } from './post.ts';
import type { Stage } from './stage.ts';
import type { Step } from './transcript.ts';

export const REPORT =
  /^mail to (\S+?)(?:, the ([a-z-]+),)? (bounces|is delayed|is delivered|is opened)(?: \(([245][.\d]+)\))?$/;

const ACTIONS = { bounces: 'failed', 'is delayed': 'delayed', 'is delivered': 'delivered' } as const;

export async function reports(stage: Stage, step: Step, found: string[]): Promise<void> {
  const [who = '', kind, what = '', status] = found;
  const { mail, outgoing } = await latestTo(stage, who, kind);
  const details = readDetails(step);
  const isWithoutKey = details.has('without a key');
  const other = details.of('with the key of mail to');
  const keyed = other === null ? { mail, outgoing } : await latestTo(stage, other);
  const plain = outgoing.envelopeFrom.replace(/\+[^@]*@/, '@');
  const isPlain = isWithoutKey || details.has('to the inbox itself');
  const report: Report = {
    lost: isWithoutKey ? { ...mail, messageId: 'made-up@mx.example' } : keyed.mail,
    to: isPlain ? plain : keyed.outgoing.envelopeFrom,
    recipient: details.of('about') ?? outgoing.envelopeTo,
    date: stage.world.clock.now(),
    id: newMessageId(stage, 'MAILER-DAEMON@mx.example'),
    action: what in ACTIONS ? ACTIONS[what as keyof typeof ACTIONS] : 'failed',
    returnPath: details.of('from') ?? '',
    ...(status !== undefined && { status }),
  };
  details.assertRead();
  stage.written.push({ by: 'MAILER-DAEMON@mx.example', messageId: report.id, references: [] });
  const raw = what === 'is opened' ? writeOpened(report) : writeReport(report);
  comesIn(stage, inboxesOf(stage, [report.to]), raw);
}

/** The lines below a step; each must be one that was asked for. */
function readDetails({ details }: Step) {
  const left = new Set(details);
  return {
    has: (line: string): boolean => left.delete(line),
    of(name: string): string | null {
      const line = details.find((one) => one.startsWith(`${name} `)) ?? null;
      if (line !== null) left.delete(line);
      return line === null ? null : line.slice(name.length + 1);
    },
    assertRead(): void {
      if (left.size > 0) throw new Error(`nobody knows what this means: ${[...left].join(', ')}`);
    },
  };
}
