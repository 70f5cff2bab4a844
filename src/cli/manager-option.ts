/** `--to NAME`: the manager whose mail is shown. */
import { list } from '../config/problems.ts';
import type { Member, Policy } from '../domain/policy.ts';
import { isManagerAnywhere } from '../domain/roster.ts';
import { ExitCode, Finding } from './exit.ts';
import { memberNamed } from './member-option.ts';

/** What only managers get. */
type What = 'digest' | 'weekly report';

export function managerNamed(policy: Policy, typed: string, what: What): Member {
  const member = memberNamed(policy, typed, `Managers: ${list(managersOf(policy))}.`);
  if (isManagerAnywhere(policy, member.id)) return member;
  throw noManager(policy, member, what);
}

export const noManager = (policy: Policy, { name }: Member, what: What): Finding =>
  new Finding(
    `${name} decides in no inbox, so there is no ${what} for ${name}. Managers: ${list(managersOf(policy))}.`,
    ExitCode.usage,
  );

const managersOf = (policy: Policy): string[] =>
  [...policy.members.keys()].filter((id) => isManagerAnywhere(policy, id));
