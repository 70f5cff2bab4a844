/** The mail to a member in whose name something came that had no effect: why it had none, and how to make it count. */
import { type Doc, paragraph, type Span, say, strong, words } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { footer, messageQuote, Short, whoseNow } from './parts.ts';
import { isReader, messageOf, nameOf, type Scene } from './scene.ts';
import type { MessageView } from './view.ts';

type NotCounted = NoticeBody & { readonly kind: 'not-counted' };

export function notCounted(scene: Scene, body: NotCounted): Doc {
  const { request } = scene.view;
  const message = request === null ? scene.view.message : messageOf(scene, body.messageId);
  return [
    paragraph(
      strong('A mail in your name did not count.'),
      body.why === 'could-not-be-checked' ? say`In a few minutes it will probably work.` : null,
      whatCame(scene, body, message),
      say`Nothing was done, and nobody has answered it.`,
      request === null ? null : whoseNow(scene, request.state),
    ),
    paragraph(ifYouWroteIt(scene, body)),
    paragraph(say`If you did not: tell ${helper(scene)}; somebody may have seen a mail of yours.`),
    body.last === true
      ? paragraph(
          say`Much of this came within a day, so you are told of no more of it before tomorrow. Such mail is kept and shown.`,
        )
      : null,
    message === null ? null : messageQuote(scene, message, Short),
    footer(scene),
  ].filter((block) => block !== null);
}

function whatCame(scene: Scene, { why }: NotCounted, message: MessageView | null): readonly Span[] {
  const address = message?.from.address ?? '';
  const from = address === '' || !scene.withWords ? null : say` from ${words(address, ADDRESS_MAX)}`;
  switch (why) {
    case 'other-address':
      return say`It came${from}, which we do not know as an address of yours.`;
    case 'not-authenticated':
      return say`It came${from}, but nothing shows that it is from you.`;
    case 'could-not-be-checked':
      return say`It came${from}, but we could not check just then whether it is from you.`;
    case 'ambiguous-sender':
      return say`It names more than one person as its sender.`;
    default:
      return why satisfies never;
  }
}

const ADDRESS_MAX = 120;

function ifYouWroteIt(scene: Scene, { why }: NotCounted): readonly Span[] {
  const own = scene.reader === null ? '' : (scene.view.policy.members.get(scene.reader)?.addresses[0] ?? '');
  const again = say`If you wrote it: answer this mail with it, from ${words(own, ADDRESS_MAX)}.`;
  switch (why) {
    case 'other-address':
      return say`${again} To write from the other address as well, ask ${helper(scene)} to add it.`;
    case 'not-authenticated':
      return say`${again} If that does not count either, show this mail to ${helper(scene)}.`;
    case 'could-not-be-checked':
    case 'ambiguous-sender':
      return again;
    default:
      return why satisfies never;
  }
}

/** Who can have the configuration changed: a manager, as far as the reader is not the only one. */
function helper(scene: Scene): readonly Span[] {
  const { finalManager, managers } = scene.view.inbox;
  const first = [finalManager, ...managers].find((id) => !isReader(scene, id));
  return first === undefined ? say`whoever looks after Baton` : say`${nameOf(scene, first)}`;
}
