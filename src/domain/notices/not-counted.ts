/** The mail to a member in whose name something came that had no effect: why it had none, and how to make it count. */
import type { MemberId } from '../ids.ts';
import { type Block, type Doc, joined, paragraph, type Span, say, strong, words } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { footer, messageQuote, Short, whoseNow } from './parts.ts';
import { messageOf, nameOf, type Scene } from './scene.ts';
import type { MessageView } from './view.ts';

type NotCounted = NoticeBody & { readonly kind: 'not-counted' };

export function notCounted(scene: Scene, body: NotCounted): Doc {
  const { request } = scene.view;
  const message = request === null ? scene.view.message : messageOf(scene, body.messageId);
  return [
    paragraph(
      strong('A mail in your name did not count.'),
      whatCame(scene, body, message),
      say`Nothing was changed by it, and nobody has answered it.`,
      request === null ? null : whoseNow(scene, request.state),
    ),
    ...ifItWasYou(scene, body),
    paragraph(
      say`Was it not you? Then there is nothing to do, except that somebody has seen a mail that was meant for you alone: please pass such mails on to nobody.`,
    ),
    message === null ? null : messageQuote(scene, message, Short),
    footer(scene),
  ].filter((block) => block !== null);
}

function whatCame(scene: Scene, { why }: NotCounted, message: MessageView | null): readonly Span[] {
  const address = message?.from.address ?? '';
  const from = address === '' || !scene.withWords ? null : say` from ${words(address, ADDRESS_MAX)}`;
  switch (why) {
    case 'other-address':
      return say`It answers one of our mails to you, but came${from}, which is not an address of yours that we know.`;
    case 'not-authenticated':
      return say`It came${from}, but nothing proves that it was sent from there.`;
    case 'could-not-be-checked':
      return say`It came${from}, but whether it was sent from there could not be checked at that moment.`;
    case 'ambiguous-sender':
      return say`It names its sender in a way that can be read as more than one person.`;
    default:
      return why satisfies never;
  }
}

const ADDRESS_MAX = 120;

function ifItWasYou(scene: Scene, { why }: NotCounted): readonly Block[] {
  const own = scene.reader === null ? '' : (scene.view.policy.members.get(scene.reader)?.addresses[0] ?? '');
  const again = say`Was it you? Please send it again from ${words(own, ADDRESS_MAX)}: an answer to this mail is enough.`;
  switch (why) {
    case 'other-address':
      return [
        paragraph(
          again,
          say`To write from the other address as well, ask ${helper(scene)} to add it to yours.`,
        ),
      ];
    case 'not-authenticated':
      return [
        paragraph(
          again,
          say`Use the mail account that belongs to this address, not another one that only shows it as its sender.`,
          say`If that does not count either, show this mail to ${helper(scene)}: mail from your domain has to carry a signature (DKIM) or be vouched for by your mail server.`,
        ),
      ];
    case 'could-not-be-checked':
      return [paragraph(again, say`In a few minutes it will probably work.`)];
    case 'ambiguous-sender':
      return [paragraph(again, say`Use your own mail account, without sending on behalf of anybody else.`)];
    default:
      return why satisfies never;
  }
}

/** Who can have the configuration changed: a manager, as far as the reader is not the only one. */
function helper(scene: Scene): readonly Span[] {
  const { inbox } = scene.view;
  const ids: readonly MemberId[] = [inbox.finalManager, ...inbox.managers].filter(
    (id) => id !== scene.reader,
  );
  const [first] = ids;
  return first === undefined ? say`whoever looks after Baton` : joined([nameOf(scene, first)], '');
}
