/**
 * Has a member send a mail from their own mail program, and reads off it which proof of a sender this inbox can rest on.
 * Nothing else shows it: what a server writes into mail from outside, from inside and from itself differs.
 */

import { readYes } from '../../domain/first-hour/answers.ts';
import {
  authenticationOf,
  candidatesFor,
  choiceWords,
  isFromGoogleGroup,
  usualAuthentication,
  writerOf,
} from '../../domain/first-hour/choose-authentication.ts';
import type { AuthenticationPlan, Plan } from '../../domain/first-hour/plan.ts';
import { MINUTE } from '../../domain/instant.ts';
import type { Provider } from '../../domain/providers.ts';
import { pseudonym } from '../../domain/reply-token.ts';
import {
  authenticateSender,
  type RawMail,
  senderQuestion,
} from '../../domain/sender-authentication/authenticate-sender.ts';
import { awaitWhole } from '../doctor/round-trip.ts';
import { Failure } from '../failures.ts';
import { asked } from './asker.ts';
import type { InboxTools, MailDeps } from './try-mailbox.ts';

const WAIT = 10 * MINUTE;

export async function chooseAuthentication(
  deps: Pick<MailDeps, 'asker' | 'readHeader' | 'senderCheck'>,
  tools: InboxTools,
  plan: Plan,
  provider: Provider | null,
): Promise<AuthenticationPlan> {
  const { asker } = deps;
  const usual = usualAuthentication(provider);
  const [person] = plan.people;
  const { address } = plan.inbox;
  asker.show('');
  asker.say(
    'An answer of a member counts only when its sender is proved. One mail from a member shows how that can be done here.',
  );
  if (!(await asked(asker, 'Try it now (yes), or later with the welcome mail (no)', readYes, 'yes')))
    return usual;
  const word = `Baton ${pseudonym(tools.secret, 'first-mail', address).slice(0, 6)}`;
  asker.say(
    `From ${person?.name ?? 'a member'}'s own mail program, send a mail to ${address} with the subject:`,
  );
  asker.show(`    ${word}`);
  const raw = await asker
    .wait(
      (seconds) => `Waiting for it ... ${seconds} s of ${WAIT / MINUTE} min (Enter: go on without)`,
      (signal) =>
        awaitWhole(
          tools,
          'INBOX',
          (header) =>
            deps
              .readHeader(header)
              .headers.some(({ name, value }) => name === 'subject' && value.includes(word)),
          WAIT,
          signal,
        ),
    )
    .catch((error: unknown) => {
      if (error instanceof Failure) return null;
      throw error;
    });
  if (raw === null) {
    asker.say(
      'It has not come. Left at what is usual here; "npx baton doctor" tells later whose answers do not count.',
    );
    return usual;
  }
  return judged(deps, raw, plan, provider);
}

async function judged(
  { asker, readHeader, senderCheck }: Pick<MailDeps, 'asker' | 'readHeader' | 'senderCheck'>,
  raw: Uint8Array,
  { people }: Plan,
  provider: Provider | null,
): Promise<AuthenticationPlan> {
  const mail = readHeader(raw);
  if (isFromGoogleGroup(mail))
    asker.say(
      'It came by way of a Google Group. Groups change mail, so that signatures may break: have the address belong to an account of its own.',
    );
  const writer = writerOf(mail, people);
  asker.say(
    writer === null
      ? 'It came, but from none of the addresses that you gave; answers count only from those.'
      : `It came, from ${writer.name}.`,
  );
  for (const candidate of candidatesFor(mail, provider)) {
    if ((await passes(senderCheck, raw, mail, candidate)) !== 'pass') continue;
    asker.say(choiceWords(candidate));
    return candidate;
  }
  asker.say(
    'Nothing in it proves its sender: it is not signed, and the server wrote down no check. Until that is so, answers of members are shown and have no effect. ' +
      'Switch on DKIM for the domain of your people\'s addresses; their provider shows a TXT record for it. Then try again with "npx baton welcome --again".',
  );
  return usualAuthentication(provider);
}

async function passes(
  senderCheck: MailDeps['senderCheck'],
  raw: Uint8Array,
  mail: RawMail,
  candidate: AuthenticationPlan,
): Promise<string> {
  const authentication = authenticationOf(candidate);
  const question = senderQuestion(mail, authentication);
  if (question !== null) return (await senderCheck.check(raw, question)).result;
  return authenticateSender(mail, authentication, (address) => [address]).result;
}
