/** `--to NAME`: the manager whose mail is shown. */
import { didYouMean, list } from '../config/problems.ts';
import type { Member, Policy } from '../domain/policy.ts';
import { isManagerAnywhere, resolveName } from '../domain/roster.ts';
import { ExitCode, Finding } from './exit.ts';

/** What only managers get. */
type What = 'digest' | 'weekly report';

export function managerNamed(policy: Policy, typed: string, what: What): Member {
  const found = resolveName(policy, typed);
  if (found.type === 'one') {
    if (isManagerAnywhere(policy, found.member.id)) return found.member;
    throw noManager(policy, found.member, what);
  }
  if (found.type === 'several') {
    const ids = found.members.map(({ id }) => id);
    throw new Finding(`Several are called "${typed}": ${list(ids)}. Give one of these ids.`, ExitCode.usage);
  }
  const names = [...policy.members.values()].flatMap(({ id, name }) => [id, name, name.split(' ')[0] ?? id]);
  const hint = didYouMean(typed, names);
  throw new Finding(
    `Nobody in the team is called "${typed}". ${hint}Managers: ${list(managersOf(policy))}.`,
    ExitCode.usage,
  );
}

export const noManager = (policy: Policy, { name }: Member, what: What): Finding =>
  new Finding(
    `${name} decides in no inbox, so there is no ${what} for ${name}. Managers: ${list(managersOf(policy))}.`,
    ExitCode.usage,
  );

const managersOf = (policy: Policy): string[] =>
  [...policy.members.keys()].filter((id) => isManagerAnywhere(policy, id));
