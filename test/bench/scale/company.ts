/** A company of a thousand people behind twenty inboxes, and one chief who is a manager of all of them. */
import type { InboxId, MemberId } from '../../../src/domain/ids.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { testPolicy } from '../../support/policy.ts';

export const CHIEF: MemberId = 'chief';
const INBOXES = 20;
const TEAM = 50;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const two = (number: number): string => String(number).padStart(2, '0');

export const inboxIds: readonly InboxId[] = numbers(INBOXES).map((inbox) => `inbox-${two(inbox)}`);
export const teamOf = (inbox: InboxId): MemberId[] =>
  numbers(TEAM).map((member) => `${inbox.replace('inbox', 'member')}-${two(member)}`);
export const managerOf = (inbox: InboxId): MemberId => inbox.replace('inbox', 'manager');

export function bigCompany(): Policy {
  const everybody = [CHIEF, ...inboxIds.flatMap((inbox) => [managerOf(inbox), ...teamOf(inbox)])];
  const inboxes = inboxIds.map((id) => {
    const finalManager = managerOf(id);
    const triage = { type: 'member', member: teamOf(id)[0] ?? finalManager } as const;
    return [id, { triage, managers: [CHIEF, finalManager], finalManager, finalManagerCover: CHIEF }] as const;
  });
  return testPolicy({
    inboxes: Object.fromEntries(inboxes),
    members: Object.fromEntries(everybody.map((id) => [id, {}])),
    teams: inboxIds.map((id) => ({ id, name: id, members: teamOf(id), choose: 'round-robin' })),
    rules: inboxIds.map((id) => ({
      id,
      inboxes: [id],
      when: {},
      category: 'request',
      priority: 'normal',
      assign: { type: 'team', team: id },
    })),
    clocks: {
      answer: { normal: 40 * HOUR, urgent: 8 * HOUR },
      progress: { normal: 16 * HOUR, urgent: 2 * HOUR },
    },
  });
}
