/**
 * What a new member reads first: in four lines what will happen, and one word to answer with. The answer proves that
 * their mail arrives, comes from the address that is theirs, and counts.
 */
import type { MemberId } from '../ids.ts';
import {
  command,
  type Doc,
  list,
  named,
  needed,
  own,
  paragraph,
  type Span,
  say,
  spare,
  value,
  words,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { plainFooter } from './parts.ts';
import { customerWord, frontDesk, inboxName, isReader, nameOf, type Scene } from './scene.ts';
import { NAME_MAX } from './words.ts';

type Welcome = NoticeBody & { readonly kind: 'welcome' };

export const welcomeSubject = (scene: Scene): string => `Mail to ${scene.view.inbox.name}: one word from you`;

export function welcome(scene: Scene, body: Welcome): Doc {
  const { reader } = scene;
  const name = reader === null ? null : say` ${spare('you', firstName(scene, reader))}`;
  return [
    named('greeting', paragraph(say`Hello${name},`)),
    named(
      'what',
      paragraph(
        say`from now on every mail to ${inboxName(scene)} (${value('address', own(scene.view.inbox.address))}) has one person who answers for it. You do everything by answering mails:`,
      ),
    ),
    named(
      'how',
      list([
        say`When something is for you, a mail asks whether you can take it. Answer ${command('accept')} or ${command('decline')}, or ${command('handoff to')} and a name.`,
        say`It is yours only once you accept. Until then ${whoAnswers(scene)} for it.`,
        say`To write to a ${customerWord(scene)}, answer ${command('reply:')} and your text below it. When it is over: ${command('done')}.`,
        say`What you do not get to is put to the next person in time. While you are away: ${command('away until Friday')}.`,
      ]),
    ),
    needed(
      'question',
      paragraph(
        say`Answer this mail with one word: ${command('ready')}.`,
        say`It shows that your answers arrive and count.`,
      ),
    ),
    named('signature', paragraph(nameOf(scene, body.by))),
    plainFooter(scene),
  ];
}

/** Where they take turns, a week of theirs is not every week. */
function whoAnswers(scene: Scene): readonly Span[] {
  const { triage } = scene.view.inbox;
  const isTheirs = triage.type === 'member' && isReader(scene, triage.member);
  return isTheirs ? say`you, as ${frontDesk(scene)}, answer` : say`${frontDesk(scene)} answers`;
}

const firstName = ({ view }: Scene, reader: MemberId): Span =>
  words((view.policy.members.get(reader)?.name ?? reader).split(/\s+/, 1)[0] ?? reader, NAME_MAX);
