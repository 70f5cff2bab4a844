/** `--of NAME`, `--by NAME`: a teammate, as somebody types one. */
import { list } from '../config/problems.ts';
import type { Member, Policy } from '../domain/policy.ts';
import { resolveName } from '../domain/roster.ts';
import { ExitCode, Finding } from './exit.ts';

/** `others`: whom else they may have meant, as a sentence; default: the whole team. */
export function memberNamed(policy: Policy, typed: string, others = theTeam(policy)): Member {
  const found = resolveName(policy, typed);
  switch (found.type) {
    case 'one':
      return found.member;
    case 'several':
      throw wrong(
        `Several are called "${typed}": ${list(found.members.map(({ id }) => id))}. Give one of these ids.`,
      );
    case 'inactive':
      throw wrong(`${found.member.name} is no longer in the team. ${others}`);
    case 'none': {
      const near = found.closest.map(({ name }) => `"${name}"`).join(' or ');
      const hint = near === '' ? '' : `Did you mean ${near}? `;
      throw wrong(`Nobody in the team is called "${typed}". ${hint}${others}`);
    }
    default:
      return found satisfies never;
  }
}

const theTeam = ({ members }: Policy): string =>
  `The team: ${list([...members.values()].filter(({ active }) => active).map(({ id }) => id))}.`;

const wrong = (message: string): Finding => new Finding(message, ExitCode.usage);
