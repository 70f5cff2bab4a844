/** Whether the people whom Baton will ask can be reached, and can answer so that it counts. */
import { type Check, fine, problem, skipped, warning } from './check.ts';

export type MemberFacts = {
  readonly name: string;
  /** Answered a mail of ours so that it counted. */
  readonly ready: boolean;
  /** Mail to them comes back for good. */
  readonly unreached: boolean;
  /** Something that came in their name did not count, and nothing has since. */
  readonly doubted: boolean;
  readonly welcomed: boolean;
};

/** Why no database was there to ask. */
export type NotAsked = keyof typeof NOT_ASKED;

export function memberChecks(members: readonly MemberFacts[] | NotAsked): Check[] {
  const found = { id: 'members' };
  if (typeof members === 'string') return [skipped(found, NOT_ASKED[members])];
  const ready = members.filter((one) => one.ready && !one.unreached).length;
  const says = `${ready} of ${members.length} members ready`;
  const waiting = members.filter((one) => !one.ready && !one.unreached && !one.doubted);
  return [
    waiting.length === 0 ? fine(found, says) : notReady(says, waiting),
    ...members.filter(({ unreached }) => unreached).map(cannotBeReached),
    ...members.filter((one) => one.doubted && !one.ready).map(doesNotCount),
  ];
}

const NOT_ASKED = {
  'never-started': 'who is ready is known once "npx baton welcome" was run',
  stopped: 'who is ready is not known while Baton is stopped: start it, then look again',
  unreachable: 'who is ready is not known while its database does not answer',
} as const;

function notReady(says: string, waiting: readonly MemberFacts[]): Check {
  const uninvited = waiting.filter(({ welcomed }) => !welcomed);
  return warning(
    { id: 'members' },
    `${says}; not yet: ${listed(waiting)}.`,
    'Whether their answers come back and count is not known.',
    uninvited.length > 0
      ? 'Send the welcome mail: "npx baton welcome". It is answered with one word.'
      : 'They were written to; ask them to answer with "ready", or send it again: "npx baton welcome --again NAME".',
  );
}

const cannotBeReached = ({ name }: MemberFacts): Check =>
  problem(
    { id: 'member-unreached' },
    `Mail to ${name} comes back.`,
    `${name} is asked in vain, and what is asked goes on to the next person late.`,
    `Correct the address of ${name} in the configuration.`,
  );

const doesNotCount = ({ name }: MemberFacts): Check =>
  problem(
    { id: 'member-doubted' },
    `What came in the name of ${name} was not proved to be from them.`,
    'None of their answers counts; each gets a mail that says why.',
    'That mail says what was missing. Mostly it is DKIM at their domain, or "authentication" of the inbox; "npx baton explain FILE" tells it of a saved mail.',
  );

const NAMES_MAX = 8;

function listed(members: readonly MemberFacts[]): string {
  const names = members.slice(0, NAMES_MAX).map(({ name }) => name);
  const others = members.length - names.length;
  return others > 0 ? `${names.join(', ')} and ${others} more` : names.join(', ');
}
