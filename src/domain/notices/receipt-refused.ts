/** Receipts for commands that were refused: what happened, what it means, what to do. One entry per rejection. */
import type { Verb } from '../command/command.ts';
import { nameOfVerb } from '../command/spellings/spellings.ts';
import type { MemberId } from '../ids.ts';
import type { Rejection, RejectionCode } from '../rejections.ts';
import { type Block, choice, command, joined, own, paragraph, type Span, say } from './doc.ts';
import type { CommandResult } from './notice.ts';
import { Full, messageQuote } from './parts.ts';
import { helpList } from './receipt.ts';
import { at, customerOf, handoffTo, isReader, messageOf, nameOf, requestOf, type Scene } from './scene.ts';

type Refused = CommandResult & { readonly ok: false };

/** Those whose text already says whose the request is. */
const TellWhose: ReadonlySet<RejectionCode> = new Set([
  'owned-by-other',
  'already-yours',
  'already-theirs',
  'finished',
  'not-finished',
  'last-person',
]);

export const tellsWhose = ({ code }: Rejection): boolean => TellWhose.has(code);

export function refused(scene: Scene, { verb, rejection }: Refused, kept: boolean): readonly Block[] {
  const blocks: Block[] = [paragraph(refusal(scene, verb, rejection, kept))];
  if (rejection.code === 'newer-message') {
    const message = messageOf(scene, rejection.messageId);
    if (message !== null) blocks.push(messageQuote(scene, message, Full));
  }
  if (rejection.code === 'not-understood') blocks.push(helpList(scene));
  return blocks;
}

function refusal(scene: Scene, verb: Verb | null, rejection: Rejection, kept: boolean): readonly Span[] {
  switch (rejection.code) {
    case 'owned-by-other':
      return say`${nameOf(scene, rejection.owner)} has this and answers for it, so nothing changed. If ${nameOf(scene, rejection.owner)} should know something, answer ${command('note')} on a line of its own and your text below it.`;
    case 'already-yours':
      return verb === 'decline'
        ? say`You took this already, so it stays yours. To give it to somebody else, answer ${command('handoff to')} and a name.`
        : say`It is yours already. Nothing changed, and there is nothing more to confirm.`;
    case 'not-asked':
      return say`You are not asked to take this right now, so nothing changed. If you want it, answer ${command('take')}.`;
    case 'last-person':
      return say`Everybody else was asked already, so this one stays with you until somebody accepts. To ask somebody again, answer ${command('handoff to')} and a name; to keep it, answer ${command('accept')}.`;
    case 'finished':
      return say`This is finished already, so nothing changed. If it is not, answer ${command('reopen')} first.`;
    case 'not-finished':
      return say`This is not finished, so there was nothing to open again. Nothing changed.`;
    case 'expired':
      return say`The mail that you answered is too old to act on, so nothing changed. Answer the latest mail about this request.`;
    case 'no-text':
      return say`There was no text to ${own(verb === 'note' ? 'keep' : 'send')}, so nothing changed. Answer with ${command(verb === 'note' ? 'note' : 'reply')} on a line of its own and your text below it.`;
    case 'not-understood':
      return notUnderstood(rejection.suggestion, kept);
    case 'newer-message':
      return newerMessage(scene, verb, rejection.messageId);
    case 'unknown-name':
    case 'several-names':
    case 'inactive-member':
    case 'absent-member':
    case 'handoff-to-self':
    case 'handoff-to-author':
    case 'already-asked':
    case 'already-theirs':
      return cannotAsk(scene, rejection);
    default:
      return say`${own(rejection.code)}`;
  }
}

type AboutReceiver = Extract<
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
      | 'already-theirs';
  }
>;

function cannotAsk(scene: Scene, rejection: AboutReceiver): readonly Span[] {
  switch (rejection.code) {
    case 'unknown-name':
      return say`Nobody in the team has that name, so nobody was asked. ${offered(scene, rejection.closest, say`Answer ${command('handoff to')} and one of these names: ${team(scene)}.`)}`;
    case 'several-names':
      return say`Several people have that name, so nobody was asked. ${offered(scene, rejection.members, say`Answer ${command('handoff to')} and the full name.`)}`;
    case 'inactive-member':
      return say`${nameOf(scene, rejection.member)} is no longer in the team, so nobody was asked. Answer ${command('handoff to')} and another name.`;
    case 'absent-member':
      return absent(scene, rejection);
    case 'handoff-to-self':
      return say`That is you, so nobody was asked. To keep it, answer ${command('accept')}; to give it away, ${command('handoff to')} and a colleague's name.`;
    case 'handoff-to-author':
      return say`${nameOf(scene, rejection.member)} wrote this request, so nobody was asked. To give it away, answer ${command('handoff to')} and another colleague's name.`;
    case 'already-asked':
      return say`${nameOf(scene, rejection.member)} is being asked already. Nothing changed; you need not ask again.`;
    case 'already-theirs':
      return say`${nameOf(scene, rejection.member)} has this already and answers for it. Nothing changed.`;
    default:
      return rejection satisfies never;
  }
}

function absent(
  scene: Scene,
  { member, until, backup }: Rejection & { code: 'absent-member' },
): readonly Span[] {
  const name = nameOf(scene, member);
  const instead =
    backup === null
      ? say`Answer ${command('handoff to')} and another name.`
      : say`${nameOf(scene, backup)} stands in: answer ${handoffTo(scene, backup)}.`;
  return say`${name} is away until ${at(scene, until)}, so nobody was asked. ${instead}`;
}

/** Never more than a question back: the reader chooses. */
function offered(scene: Scene, members: readonly MemberId[], otherwise: readonly Span[]): readonly Span[] {
  if (members.length === 0) return otherwise;
  return say`Answer ${choice(
    members.slice(0, 5).map((id) => handoffTo(scene, id)),
    'or',
  )}.`;
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

function notUnderstood(suggestion: Verb | null, kept: boolean): readonly Span[] {
  const meant = suggestion === null ? null : say`Did you mean ${command(nameOfVerb(suggestion))}? `;
  const nothing = kept ? null : say`We did not understand your answer, so nothing changed. `;
  return say`${nothing}${meant}What you can answer, on the first line:`;
}

function newerMessage(scene: Scene, verb: Verb | null, messageId: number): readonly Span[] {
  const message = requestOf(scene).messages.find(({ id }) => id === messageId);
  const when = message === undefined ? null : say` (${at(scene, message.storedAt)})`;
  return verb === 'done'
    ? say`${customerOf(scene)} wrote again${when} after the mail that you answered, so this is not finished yet. Still finished? Answer ${command('done')} to this mail.`
    : say`${customerOf(scene)} wrote again${when} after the mail that you answered, so nothing was sent. If your text still fits, send it again as an answer to this mail: ${command('reply')} on a line of its own and the text below it.`;
}
