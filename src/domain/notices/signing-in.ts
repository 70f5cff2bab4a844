/** The mail with which somebody signs in to the board. It is about no request. */
import { boardLink, type Doc, muted, named, needed, own, paragraph, say, strong, value } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { at, type Scene } from './scene.ts';

type Body = NoticeBody & { readonly kind: 'sign-in' };

export function signIn(scene: Scene, { askedAt, expiresAt }: Body): Doc {
  const { signIn: link } = scene.view;
  if (link === undefined) throw new Error('a mail to sign in with comes with its link');
  return [
    needed(
      'link',
      paragraph(
        strong('Your link to the board.'),
        say`It works once, until ${value('until', at(scene, expiresAt))}, and only in the browser in which it was asked for.`,
      ),
    ),
    needed('address', paragraph(value('link', boardLink(link.url)))),
    named(
      'asked',
      muted(
        say`It was asked for at ${at(scene, askedAt)} from the address ${own(link.from)}.`,
        say`If that was not you, there is nothing to do: without the browser that asked, the link opens nothing.`,
      ),
    ),
  ];
}
