/** Tries the way that every answer of a member takes: to the shared address with a mark behind a plus, and into its mailbox. */
import { roundTripCheck } from '../../domain/doctor/round-trip.ts';
import { readYes } from '../../domain/first-hour/answers.ts';
import type { Plan } from '../../domain/first-hour/plan.ts';
import { ROUND_TRIP_WAIT, travel } from '../doctor/round-trip.ts';
import { Failure } from '../failures.ts';
import { asked } from './asker.ts';
import { type InboxTools, type MailDeps, show } from './try-mailbox.ts';

export async function tryWayBack(
  deps: Pick<MailDeps, 'asker' | 'checkLines'>,
  tools: InboxTools,
  { inbox }: Plan,
): Promise<void> {
  const { asker } = deps;
  const { address } = inbox;
  asker.show('');
  asker.say(
    `Members answer to addresses with a mark, such as ${address.replace(/@(?=[^@]*$)/, '+mark@')}. One mail from ${address} to itself shows whether they arrive; it becomes no request.`,
  );
  if (!(await asked(asker, 'Send it', readYes, 'yes'))) return;
  const travelled = await asker
    .wait(
      (seconds) => `Waiting for it to come back ... ${seconds} s (Enter: go on without)`,
      async (signal) => {
        const found = await travel(tools, { ...inbox, folder: 'INBOX' }, ROUND_TRIP_WAIT, signal);
        return signal.aborted && found.trip.type === 'lost' ? null : found;
      },
    )
    .catch((error: unknown) => {
      if (error instanceof Failure) return { trip: { type: 'refused', said: error.message } } as const;
      throw error;
    });
  if (travelled === null) return asker.say('Left out. "npx baton doctor --send" tries it later.');
  show(deps, [roundTripCheck(travelled.trip, address, inbox.id)]);
  if (travelled.trip.type !== 'arrived') return;
  asker.say(
    travelled.trip.sentCopy === null
      ? 'The server keeps no copy of what is sent by SMTP; Baton needs none.'
      : `The server keeps a copy in ${travelled.trip.sentCopy}. Baton knows its own mails there.`,
  );
}
