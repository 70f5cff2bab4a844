/** The receipt of `take over`: how many requests were opened, who is asked for which, and who was left out and why. */
import type { ConversationId, MemberId } from '../ids.ts';
import { type Block, list, own, paragraph, type Span, say, strong } from './doc.ts';
import { counted } from './parts.ts';
import type { Done } from './receipt-kinds.ts';
import { nameOf, nameOrYou, type Scene } from './scene.ts';

const NUMBERS_MAX = 20;

export function takenOver(scene: Scene, { takenOver: result }: Done): readonly Block[] {
  if (result === undefined)
    return [paragraph(say`Each of those who still wait has somebody who answers for it now.`)];
  const { opened, answered, already, unread } = result;
  const byMember = Map.groupBy(opened, ({ to }) => to);
  const left = [
    answered === 0 ? null : say`${own(had(answered, 'an answer meanwhile'))}`,
    already === 0
      ? null
      : say`${own(already === 1 ? '1 is' : `${already} are`)} taken over or seen to already`,
    unread === 0
      ? null
      : say`${own(unread === 1 ? '1 is' : `${unread} are`)} not read yet: say it once more in a minute`,
  ].filter((line) => line !== null);
  return [
    paragraph(
      opened.length === 0
        ? say`${strong('Nothing was opened.')} There is nobody left who waits without anybody to answer for it.`
        : say`${strong(`${counted(opened.length, 'request')} ${opened.length === 1 ? 'was' : 'were'} opened.`)} Nobody outside was mailed.`,
    ),
    ...(opened.length === 0
      ? []
      : [
          list(
            [...byMember].map(([to, all]) =>
              asked(
                scene,
                to,
                all.map(({ conversationId }) => conversationId),
              ),
            ),
          ),
        ]),
    ...(left.length === 0 ? [] : [paragraph(say`Left out:`), list(left)]),
  ];
}

const had = (count: number, what: string): string => `${count} had ${what}`;

/** `Priya is asked to take 3: #1001, #1004, #1005`. */
function asked(scene: Scene, to: MemberId | null, ids: readonly ConversationId[]): readonly Span[] {
  const shown = ids.slice(0, NUMBERS_MAX).map((id) => `#${id}`);
  const more = ids.length - shown.length;
  const numbers = own(`${ids.length}: ${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`);
  if (to === null) return say`Nobody could be asked yet to take ${numbers}`;
  const who = nameOrYou(scene, to);
  return who.text === 'you'
    ? say`You are asked to take ${numbers}`
    : say`${nameOf(scene, to)} is asked to take ${numbers}`;
}
