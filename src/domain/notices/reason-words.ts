/** Why somebody is asked, as a member reads it. Decisions name people by id; mails by name. */
import type { Reason } from '../reason.ts';
import { type Span, say, words } from './doc.ts';
import { customerWord, nameOf, type Scene } from './scene.ts';

const REASON_MAX = 200;

/** Without a full stop. */
export function reasonWords(scene: Scene, reason: Reason): readonly Span[] {
  const said = reason.sentence.split(' ');
  const first = member(scene, said[0]);
  switch (reason.code) {
    case 'no-answer':
    case 'unreachable':
    case 'member-left':
    case 'declined':
      return first === null
        ? plain(reason)
        : say`${first} ${words(said.slice(1).join(' '), REASON_MAX)}, and you are next`;
    case 'reopened': {
      const last = member(scene, said.at(-1));
      return last === null
        ? say`the ${customerWord(scene)} wrote again, and who had it has left`
        : say`${last} opened it again`;
    }
    default:
      return plain(reason);
  }
}

const plain = (reason: Reason): readonly Span[] => [words(reason.sentence.replace(/\.$/, ''), REASON_MAX)];

function member(scene: Scene, id: string | undefined): Span | null {
  return id !== undefined && scene.view.policy.members.has(id) ? nameOf(scene, id) : null;
}
