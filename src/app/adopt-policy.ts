/** Puts a configuration into force: its people become rows, and those who left it stay known by name. */
import { type Member, NoStandingMails, type Policy } from '../domain/policy.ts';
import type { Deps } from './deps.ts';
import { Failure } from './failures.ts';

/**
 * Answers the policy with former members in it as inactive ones.
 * @throws Failure `inbox-still-busy` when an inbox with open work was taken out; nothing is in force then.
 */
export async function adoptPolicy(
  { store, log }: Pick<Deps, 'store' | 'log'>,
  configured: Policy,
): Promise<Policy> {
  const removed = (await store.busyInboxes()).filter((id) => !configured.inboxes.has(id));
  if (removed.length > 0) throw stillBusy(removed);
  const { left } = await store.syncRoster({
    inboxes: [...configured.inboxes.values()].map(({ id, address }) => ({ id, address })),
    members: [...configured.members.values()].map(({ id, name }) => ({ id, name })),
  });
  if (left.length > 0) log.info({ step: 'roster', left }, 'members have left the configuration');
  return withFormerMembers(store, configured);
}

/** The policy with those who have left in it, for their names. */
export async function withFormerMembers(
  store: Pick<Deps['store'], 'formerMembers'>,
  configured: Policy,
): Promise<Policy> {
  const former = (await store.formerMembers()).map(({ id, name }): [string, Member] => [
    id,
    formerMember(id, name),
  ]);
  return { ...configured, members: new Map([...former, ...configured.members]) };
}

/** Without its managers and its mail server nobody could answer for what is open there. */
const stillBusy = (inboxes: readonly string[]): Failure =>
  new Failure(
    'permanent',
    'inbox-still-busy',
    `The configuration no longer has ${inboxes.length === 1 ? 'the inbox' : 'the inboxes'} ${inboxes.join(', ')}, ` +
      'where requests are open or mail is waiting. Nothing was changed. Put it back under the same id, finish what is ' +
      'open there ("npx baton status" counts it), and then take it out.',
  );

/** Takes no part any more, and has no address to write to. */
function formerMember(id: string, name: string): Member {
  return {
    id,
    name,
    addresses: [],
    aliases: [],
    active: false,
    schedule: { timeZone: 'UTC', week: [[], [], [], [], [], [], []], holidays: new Set(), absences: [] },
    backup: null,
    capacity: null,
    standingMails: NoStandingMails,
  };
}
