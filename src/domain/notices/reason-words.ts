/** Why somebody is asked, as a member reads it. Decisions name people by id; mails by name, and the reader "you". */
import { mentionsIn, type Reason } from '../reason.ts';
import { own, quotation, type Span, say, words } from './doc.ts';
import { frontDesk, isReader, nameOrYou, requestOf, type Scene, textOf } from './scene.ts';

const REASON_MAX = 200;

/** After these the reader is asked because somebody before them was. */
const AFTER_ANOTHER: readonly string[] = ['no-answer', 'unreachable', 'absent', 'member-left', 'declined'];

/** Without a full stop. */
export function reasonWords(scene: Scene, reason: Reason): readonly Span[] {
  const sentence = reason.sentence.replace(/\.$/, '');
  if (reason.code === 'to-front-desk') return whoseFrontDesk(scene, sentence);
  const spans = withNames(scene, sentence);
  if (!AFTER_ANOTHER.includes(reason.code)) return spans;
  return say`${spans}${whyTheyDeclined(scene, reason)}, and you are next`;
}

const withNames = (scene: Scene, sentence: string): readonly Span[] =>
  mentionsIn(sentence, (id) => scene.view.policy.members.has(id)).flatMap((part) =>
    'member' in part
      ? nameOrYou(scene, part.member)
      : textWithItsSpaces(part.text.replaceAll('the front desk', scene.view.inbox.frontDeskName)),
  );

/** `no rule fits, and you have the front desk`: of whoever has it, that it decides says nothing. */
function whoseFrontDesk(scene: Scene, sentence: string): readonly Span[] {
  const [because = '', to] = sentence.split('; the front desk decides: @');
  if (to === undefined) return withNames(scene, sentence);
  const why = because === 'no rule matches' ? own('no rule fits') : withNames(scene, because);
  return say`${why}, and ${nameOrYou(scene, to)} ${own(isReader(scene, to) ? 'have' : 'has')} ${frontDesk(scene)}`;
}

/** What the person before gave as their reason: it may be one for the reader as well. */
function whyTheyDeclined(scene: Scene, reason: Reason): readonly Span[] | null {
  if (reason.code !== 'declined') return null;
  const last = requestOf(scene).events.findLast((event) => event.type === 'declined');
  const text = last?.type === 'declined' ? textOf(scene, last.note) : null;
  return text === null || !scene.withWords ? null : say` (${quotation(text, 120)})`;
}

/** Cleaning trims a text; around a name its spaces must stay. */
function textWithItsSpaces(text: string): Span[] {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  const space = (present: string) => (present === '' ? [] : [own(' ')]);
  return [...space(before), ...(inner === '' ? [] : [words(inner, REASON_MAX)]), ...space(after)];
}
