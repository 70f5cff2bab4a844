/** Passages that several kinds of notice share. */
import type { ConversationId, MemberId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Attachment } from '../message.ts';
import { memberByAddress } from '../roster.ts';
import {
  type Block,
  choice,
  command,
  joined,
  muted,
  named,
  own,
  type Span,
  say,
  strong,
  value,
  words,
} from './doc.ts';
import {
  at,
  customerOf,
  inboxName,
  isAsked,
  isCustomers,
  isReader,
  knownContact,
  nameOf,
  nameOrYou,
  requestOf,
  type Scene,
  textOf,
  writerOf,
} from './scene.ts';
import type { MessageView } from './view.ts';
import { excerpt, oneLine } from './words.ts';

export type Limits = { readonly characters: number; readonly lines: number };

/** Enough to decide on. */
export const Short: Limits = { characters: 900, lines: 18 };
/** A mail as it is, unless somebody sends a book: 20 of them must stay one mail. */
export const Full: Limits = { characters: 6_000, lines: 150 };

const FILE_NAME_MAX = 40;
const FILES_NAMED_MAX = 6;

/** What a customer, a stranger or one of us mailed. */
export function messageQuote(scene: Scene, message: MessageView, limits: Limits): Block {
  const lead = say`${writerOf(scene, message)}${standing(scene, message)}${byWhom(scene, message)}, ${at(scene, message.storedAt)}:`;
  return named('mails', quoteOf(scene, lead, message.text, limits, filesWords(message.attachments)));
}

/** What somebody is to this request who is neither its customer nor in the team. */
function standing(scene: Scene, message: MessageView): readonly Span[] | null {
  if (scene.view.request === null) return null;
  const contact = knownContact(scene, message.from);
  if (contact !== null) {
    return requestOf(scene).state.copied.includes(contact) ? say` (in copy)` : say` (asked for help)`;
  }
  if (!message.stranger) return null;
  // A member's name over what did not count: anybody may have written it.
  const isNamed = memberByAddress(scene.view.policy, message.from.address) !== null;
  return isNamed ? say` (it did not count)` : say` (not part of this so far)`;
}

/** The member who brought a customer's words here: a mail that came to them, or a phone call. */
function byWhom(scene: Scene, { passedOn, forwardedFrom }: MessageView): readonly Span[] | null {
  if (passedOn === null) return null;
  const by = nameOrYou(scene, passedOn.by);
  const isMail = forwardedFrom !== null && forwardedFrom !== undefined;
  return isMail ? say` (passed on by ${by})` : say` (taken down by ${by})`;
}

/** The mail, below what the member who passed it on wrote above it. */
export function messageQuotes(scene: Scene, message: MessageView, limits: Limits): readonly Block[] {
  const { passedOn } = message;
  const mail = messageQuote(scene, message, limits);
  if (passedOn === null || oneLine(passedOn.above, 1) === '') return [mail];
  const lead = isReader(scene, passedOn.by)
    ? say`You passed on the mail below and wrote:`
    : say`${nameOf(scene, passedOn.by)} passed on the mail below and wrote:`;
  return [named('mails', quoteOf(scene, lead, passedOn.above, limits, null)), mail];
}

/** What a member wrote to us; null when there is nothing, or no longer. */
export function noteQuote(
  scene: Scene,
  by: MemberId,
  note: TextId | null,
  files: readonly Attachment[] = [],
): Block | null {
  const body = textOf(scene, note);
  if (body === null) return null;
  const names = filesByName(scene, files);
  const tail = names === null ? null : say`Files: ${names}.`;
  const who = isReader(scene, by) ? own('You') : nameOf(scene, by);
  return named('note', quoteOf(scene, say`${who} wrote:`, body, Full, tail));
}

export function quoteOf(
  scene: Scene,
  lead: readonly Span[] | null,
  text: string,
  limits: Limits,
  files: readonly Span[] | null,
): Block {
  if (!scene.withWords) {
    return muted(lead, say`(The words are left out here. They are in the shared mailbox.)`, files);
  }
  const { lines, cut } = excerpt(text, limits);
  const more = cut ? say`The rest is in the shared mailbox.` : null;
  const empty = lines.length === 0 ? say`No\u00a0text.` : null;
  const tail = joined([empty, more, files], ' ');
  return { kind: 'quote', lead, lines, tail: tail.length === 0 ? null : tail };
}

/** The customer's latest mails, at most two: what has to be decided on. */
export function latestFromCustomer(scene: Scene): readonly Block[] {
  return latestMails(scene).flatMap((message) => messageQuotes(scene, message, Short));
}

/** The mails themselves. */
export const latestMails = (scene: Scene): readonly MessageView[] =>
  requestOf(scene)
    .messages.filter((message) => isCustomers(scene, message))
    .slice(-2);

/** "2 photos and 1 file", or null; pictures in signatures do not count. */
function filesWords(attachments: readonly Attachment[]): readonly Span[] | null {
  const attached = attachments.filter((attachment) => !attachment.inline);
  const photos = attached.filter(isPhoto).length;
  const files = attached.length - photos;
  const parts = [
    photos === 0 ? null : own(counted(photos, 'photo')),
    files === 0 ? null : own(counted(files, 'file')),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : choice(parts, 'and');
}

/** "2 photos, quote.pdf", or null. */
export function filesByName(scene: Scene, attachments: readonly Attachment[]): readonly Span[] | null {
  const attached = attachments.filter((attachment) => !attachment.inline);
  const photos = attached.filter(isPhoto).length;
  const files = attached.filter((attachment) => !isPhoto(attachment));
  const named = files
    .slice(0, scene.withWords ? FILES_NAMED_MAX : 0)
    .map((file) => words(file.filename ?? 'a file', FILE_NAME_MAX));
  const more = files.length - named.length;
  const parts = [
    photos === 0 ? null : own(counted(photos, 'photo')),
    ...named,
    more === 0 ? null : own(`${counted(more, 'more file')}`),
  ];
  const line = joined(parts, ', ');
  return line.length === 0 ? null : line;
}

const isPhoto = (attachment: Attachment): boolean =>
  attachment.contentType.toLowerCase().startsWith('image/');

export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** ` by 10:40`, or nothing for a time that is over or was never set. */
export function byWhen(scene: Scene, due: Instant | null): readonly Span[] {
  return due === null || due <= scene.view.now ? [] : say` by ${value('deadline', at(scene, due))}`;
}

/** Who answers for it until the reader says yes. */
export function untilAccepted(scene: Scene, accountable: MemberId): readonly Span[] {
  return isReader(scene, accountable)
    ? say`You answer for it until somebody accepts.`
    : say`Until you accept, ${value('answerable', nameOf(scene, accountable))} answers for it.`;
}

/** Whose it is now, in one sentence. */
export function whoseNow(
  scene: Scene,
  now: { readonly owner: MemberId | null; readonly accountable: MemberId | null },
): readonly Span[] {
  const { owner, accountable } = now;
  if (accountable === null) return say`This request is finished.`;
  if (owner === accountable) {
    return isReader(scene, owner)
      ? say`It is still yours.`
      : say`${nameOf(scene, owner)} has it and answers for it.`;
  }
  return isReader(scene, accountable)
    ? say`You answer for it until somebody accepts.`
    : say`${nameOf(scene, accountable)} answers for it until somebody accepts.`;
}

/** Nobody has it, and its reader is asked to take it: whatever else a mail tells comes after that. */
export const mustBeTaken = (scene: Scene): boolean => requestOf(scene).state.owner === null && isAsked(scene);

/** What the request asks of its reader now: to take it, or nothing but to know whose it is. */
export function yourPart(scene: Scene): readonly Span[] {
  const { state } = requestOf(scene);
  if (mustBeTaken(scene) && state.accountable !== null) {
    // The last person asked cannot say no: somebody must decide.
    const no =
      state.offer?.acceptBy === null
        ? say`, or ${command('handoff to')} and a name`
        : say` or ${command('decline')}`;
    return say`${strong('This still needs an owner')}: answer ${command('accept')}${no}. ${untilAccepted(scene, state.accountable)}`;
  }
  return whoseNow(scene, state);
}

/** `reply` alone on its line does as well; with the colon it is one thing to say, and hard to get wrong. */
export const toWrite = (scene: Scene): readonly Span[] =>
  say`To write to ${customerOf(scene)}: ${command('reply:')} and your text.`;

/** How to write to the customer and how to finish. */
export function howToGoOn(scene: Scene): readonly Span[] {
  return say`${toWrite(scene)} Finished: ${command('done')}.`;
}

/** In answer to a mail that lists several requests, where this is one of them. */
export const byNumber = (id: ConversationId): readonly Span[] =>
  say`To say something about one, put its number in front: ${command(`${id} done`)}, or ${command(`${id} handoff to`)} and a name. Several lines at once are fine.`;

export const orSomebodyElse = (): readonly Span[] =>
  say`Someone else's? Reply ${command('handoff to')} and a name.`;

/** Which desk writes, and that there is help. */
export function footer(scene: Scene): Block {
  const help = say`Answer ${command('help')} to see all that you can say.`;
  return named('footer', muted(say`${inboxName(scene)}${aboutNumber(scene)}.`, help));
}

/** Where every answer is what it says, and `help` would be one as well. */
export const plainFooter = (scene: Scene): Block =>
  named('footer', muted(say`${inboxName(scene)}${aboutNumber(scene)}.`));

function aboutNumber(scene: Scene): readonly Span[] | null {
  const { request } = scene.view;
  return request === null ? null : say`, request ${own(`#${request.state.id}`)}`;
}
