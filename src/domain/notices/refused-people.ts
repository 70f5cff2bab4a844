/** Refusals about whom a command named: nobody, several, or somebody who cannot be asked. */
import type { Verb } from '../command/command.ts';
import type { MemberId } from '../ids.ts';
import type { Rejection } from '../rejections.ts';
import { choice, command, joined, type Span, say } from './doc.ts';
import { isAboutParked } from './receipt-parked.ts';
import { at, bareName, isReader, nameOf, type Scene, shortName } from './scene.ts';

type AboutPerson = Extract<
  Rejection,
  {
    code:
      | 'unknown-name'
      | 'several-names'
      | 'inactive-member'
      | 'absent-member'
      | 'handoff-to-self'
      | 'handoff-to-author'
      | 'already-asked'
      | 'already-theirs'
      | 'cover-is-away';
  }
>;

export function cannotBeAsked(scene: Scene, verb: Verb | null, rejection: AboutPerson): readonly Span[] {
  switch (rejection.code) {
    case 'unknown-name':
      return say`Nobody in the team has that name, so nobody was asked. ${choices(scene, verb, rejection.closest, say`Answer ${withName(verb)} and one of these names: ${team(scene)}.`)}`;
    case 'several-names':
      return say`Several people have that name, so nobody was asked. ${choices(
        scene,
        verb,
        rejection.members.filter((id) => !isReader(scene, id)),
        say`Answer ${withName(verb)} and the full name.`,
      )}`;
    case 'inactive-member':
      return say`${nameOf(scene, rejection.member)} is no longer in the team, so nobody was asked. Answer ${withName(verb)} and another name.`;
    case 'absent-member':
      return absent(scene, verb, rejection);
    case 'handoff-to-self':
      return self(scene, verb);
    case 'handoff-to-author':
      return say`${nameOf(scene, rejection.member)} wrote this request, so nobody was asked. To give it away, answer ${command('handoff to')} and another colleague's name.`;
    case 'already-asked':
      return say`${nameOf(scene, rejection.member)} is being asked already. Nothing changed; you need not ask again.`;
    case 'already-theirs':
      return say`${nameOf(scene, rejection.member)} has this already and answers for it. Nothing changed.`;
    case 'cover-is-away':
      return say`${nameOf(scene, rejection.member)} is away as well, until ${at(scene, rejection.until)}, so nobody was asked to stand in. To name another, answer ${command('away until')}, the day, ${command('cover')} and another name, all on one line.`;
    default:
      return rejection satisfies never;
  }
}

/** How somebody is named with this verb. */
function withName(verb: Verb | null): readonly Span[] {
  switch (verb) {
    case 'help-from':
      return [command('help from')];
    case 'away':
      return say`${command('away until')}, the day, ${command('cover')}`;
    case 'back':
      return say`with a name and ${command('back')}`;
    default:
      return [command('handoff to')];
  }
}

function self(scene: Scene, verb: Verb | null): readonly Span[] {
  if (isAboutParked(scene)) return say`That is you, so nobody was asked.`;
  switch (verb) {
    case 'help-from':
      return say`That is you, so nobody was asked. Answer ${command('help from')} and a colleague's name.`;
    case 'away':
      return say`That is you, so nobody was asked to stand in. To name another, answer ${command('away until')}, the day, ${command('cover')} and a colleague's name.`;
    default:
      return say`That is you, so nobody was asked. To keep it, answer ${command('accept')}; to give it away, ${command('handoff to')} and a colleague's name.`;
  }
}

function absent(
  scene: Scene,
  verb: Verb | null,
  { member, until, backup }: Rejection & { code: 'absent-member' },
): readonly Span[] {
  const name = nameOf(scene, member);
  const instead =
    backup === null || verb !== 'handoff'
      ? say`Answer ${withName(verb)} and another name.`
      : say`${nameOf(scene, backup)} stands in: answer ${command(`handoff to ${shortName(scene, backup)}`)}.`;
  return say`${name} is away until ${at(scene, until)}, so nobody was asked. ${instead}`;
}

const CHOICES_MAX = 5;

/** Never more than a question back: the reader chooses. */
function choices(
  scene: Scene,
  verb: Verb | null,
  members: readonly MemberId[],
  otherwise: readonly Span[],
): readonly Span[] {
  if (members.length === 0) return otherwise;
  const named = members.slice(0, CHOICES_MAX).map((id) => shortName(scene, id));
  switch (verb) {
    case 'away':
    case 'back':
      return say`Please write the line again with ${choice(named.map(command), 'or')}.`;
    case 'help-from':
      return say`Answer ${choice(
        named.map((name) => command(`help from ${name}`)),
        'or',
      )}, a colon and the question.`;
    default:
      return say`Answer ${choice(
        members.slice(0, CHOICES_MAX).map((id) => bareName(scene, id)),
        'or',
      )}.`;
  }
}

const TEAM_MAX = 20;

/** Everybody who may be meant; a large team is cut. */
function team(scene: Scene): readonly Span[] {
  const active = [...scene.view.policy.members.values()].filter(
    ({ id, active }) => active && !isReader(scene, id),
  );
  return joined(
    active.slice(0, TEAM_MAX).map(({ id }) => say`${nameOf(scene, id)}`),
    ', ',
  );
}
