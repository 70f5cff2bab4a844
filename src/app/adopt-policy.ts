/** Puts a configuration into force: its people become rows, and those who left it stay known by name. */
import type { Member, Policy } from '../domain/policy.ts';
import type { Deps } from './deps.ts';

/** Answers the policy with former members in it as inactive ones. */
export async function adoptPolicy(
  { store, log }: Pick<Deps, 'store' | 'log'>,
  configured: Policy,
): Promise<Policy> {
  const { left } = await store.syncRoster({
    inboxes: [...configured.inboxes.values()].map(({ id, address }) => ({ id, address })),
    members: [...configured.members.values()].map(({ id, name }) => ({ id, name })),
  });
  if (left.length > 0) log.info({ step: 'roster', left }, 'members have left the configuration');
  const former = (await store.formerMembers()).map(({ id, name }): [string, Member] => [
    id,
    formerMember(id, name),
  ]);
  return { ...configured, members: new Map([...former, ...configured.members]) };
}

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
  };
}
