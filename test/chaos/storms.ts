/**
 * `npm run storms`: how many automatic mails go out to machines that answer, on a virtual clock (hazards 38 and 39).
 * Prints one line of JSON for each; exit 1 when anything got more than the caps allow, 64 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { DEFAULT_CAPS } from '../../src/domain/brakes.ts';
import { askedOf, wholeNumber } from '../support/program.ts';
import {
  type Exchange,
  intact,
  otherWords,
  type Robot,
  robots,
  spoofed,
  twoBatons,
  withoutMarks,
  withoutThread,
  withRobot,
} from '../support/robots.ts';

const USAGE = `Usage: npm run storms -- [--hours 24] [--spoofed 10000]

  --hours N     how long each two write to each other, on a virtual clock
  --spoofed N   so many forged senders at once
`;

function readOptions(args: readonly string[]): { readonly hours: number; readonly count: number } | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { hours: text, spoofed: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  const hours = Number(values.hours ?? 24);
  if (!(hours > 0)) throw new RangeError(`--hours wants a number above 0, not ${values.hours}.`);
  return { hours, count: wholeNumber('spoofed', values.spoofed, 10_000, 1) };
}

const { hours, count } = askedOf(USAGE, readOptions);
const days = Math.ceil(hours / 24);
let isWithin = true;

function tell(what: string, { sent, received, requests }: Exchange, max: number): void {
  isWithin &&= sent <= max;
  process.stdout.write(`${JSON.stringify({ what, hours, sent, received, requests, max })}\n`);
}

const perAddress = days * DEFAULT_CAPS.address.day;
for (const [name, relay] of Object.entries({ intact, withoutMarks, withoutThread, otherWords }))
  tell(`two Batons, ${name}`, await twoBatons(relay, hours), perAddress);
for (const [name, robot] of Object.entries<Robot>(robots))
  tell(`robot, ${name}`, await withRobot(robot, hours), perAddress);
tell(`${count} spoofed senders at once`, await spoofed(count), DEFAULT_CAPS.unproved.hour);
process.exitCode = isWithin ? 0 : 1;
