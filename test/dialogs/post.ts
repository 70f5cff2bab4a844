/** How mail gets to and from a stage: into which inbox, under which Message-ID, and what somebody got last. */
import { addressOf } from '../support/letters.ts';
import { memberOf } from '../support/promises.ts';
import type { SentMail } from '../support/world.ts';
import type { Stage } from './stage.ts';

export function newMessageId(stage: Stage, from: string): string {
  const [, host = 'home.example'] = addressOf(from).split('@');
  return `mail-${stage.written.length + 1}@${host}`;
}

export function inboxesOf({ world }: Stage, to: readonly string[]): string[] {
  const bases = to.map((one) => addressOf(one).replace(/\+[^@]*@/, '@'));
  return [...world.policy().inboxes.values()]
    .filter(({ address }) => bases.includes(address))
    .map(({ id }) => id);
}

export function comesIn(
  stage: Stage,
  inboxes: readonly string[],
  raw: Uint8Array,
  receivedAt = stage.world.clock.now(),
): void {
  if (inboxes.length === 0) throw new Error('this mail is addressed to no inbox');
  stage.last = { inboxes, raw };
  for (const inbox of inboxes) stage.world.deliver(inbox, raw, { receivedAt });
}

export async function latestTo({ world }: Stage, who: string, kind?: string): Promise<SentMail> {
  const got = (await world.sent()).filter(({ outgoing }) =>
    [memberOf(world, outgoing.envelopeTo), outgoing.envelopeTo].includes(who),
  );
  const found = got.findLast((one) => kind === undefined || one.kind === kind);
  if (found === undefined) throw new Error(`${who} got no such mail`);
  return found;
}
