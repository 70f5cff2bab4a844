/** Whom a visitor may be: some of the tenants who write, and everybody who works for Elm Property Management. */
import type { Person } from '../../../adapters/web/playground/context.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Member, Policy } from '../../../domain/policy.ts';
import { isHere, isManagerAnywhere, triageLeadAt } from '../../../domain/roster.ts';

export type SamplePerson = Omit<Person, 'unread'>;

/** Maria first: she is whom the guide begins with. */
const TENANTS: readonly SamplePerson[] = [
  ['Maria Lopez', 'maria.lopez@mail.example'],
  ['James Osei', 'j.osei@post.example'],
  ['Ewa Kowalska', 'ewa.kowalska@web.example'],
  ['Theodore Banks', 'tbanks@letterbox.example'],
].map(([name = '', address = '']) => ({ id: idOf(name), name, address, member: null, about: 'tenant' }));

export function samplePeople(policy: Policy, now: Instant): readonly SamplePerson[] {
  const members = [...policy.members.values()].filter(({ active }) => active);
  return [
    ...TENANTS,
    ...members.map((member) => ({
      id: member.id,
      name: member.name,
      address: member.addresses[0] ?? '',
      member: member.id,
      about: about(policy, member, now),
    })),
  ];
}

function about(policy: Policy, { id }: Member, now: Instant): string {
  if (!isHere(policy, id, now)) return 'on leave';
  const [inbox] = policy.inboxes.values();
  if (inbox !== undefined && triageLeadAt(policy, inbox.id, now) === id) return 'front desk this week';
  if (inbox !== undefined && inbox.finalManager === id && isManagerAnywhere(policy, id)) return 'manager';
  const teams = [...policy.teams.values()].filter(({ members }) => members.includes(id));
  return teams.map(({ name }) => name).join(', ');
}

function idOf(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
