/** The mail about a person who left. */
import type { ConversationId } from '../ids.ts';
import { type Doc, list, own, paragraph, type Span, say, words } from './doc.ts';
import { listedIn } from './listed.ts';
import type { NoticeBody } from './notice.ts';
import { byNumber, counted, footer } from './parts.ts';
import { isReader, nameOf, type Scene } from './scene.ts';

export function memberLeft(scene: Scene, body: NoticeBody & { readonly kind: 'member-left' }): Doc {
  const name = nameOf(scene, body.member);
  const { moved, withdrawn } = body;
  const self = isReader(scene, body.member);
  const [first] = listedIn(body) ?? [];
  return [
    paragraph(
      say`${name} is no longer in the team's list${self ? null : say` and will not be asked any more`}.`,
      moved.length + withdrawn.length === 0 ? say`Nothing was open.` : say`Every request still has an owner.`,
    ),
    list([
      ...(moved.length === 0
        ? []
        : [
            say`${own(counted(moved.length, 'request'))} moved to ${words(scene.view.inbox.frontDeskName, 80)}: ${numbers(moved)}`,
          ]),
      ...(withdrawn.length === 0
        ? []
        : [
            say`${own(counted(withdrawn.length, 'request'))} that ${name} was asked to take: whoever answers for it keeps it, and somebody else is asked where nobody had it yet: ${numbers(withdrawn)}`,
          ]),
    ]),
    ...(first === undefined ? [] : [paragraph(byNumber(first.conversationId))]),
    footer(scene),
  ].filter((block) => block.kind !== 'list' || block.items.length > 0);
}

const LISTED_MAX = 40;

function numbers(ids: readonly ConversationId[]): Span {
  const shown = ids.slice(0, LISTED_MAX).map((id) => `#${id}`);
  const more = ids.length - shown.length;
  return own(`${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`);
}
