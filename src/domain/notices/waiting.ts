/** Mails about answers to the customer that wait for somebody's word, and what became of them. */
import type { TextId } from '../ids.ts';
import { command, type Doc, paragraph, say, strong } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { footer, whoseNow } from './parts.ts';
import { customerOf, isReader, nameOf, requestOf, type Scene } from './scene.ts';
import { copyOf } from './written.ts';

export function held(scene: Scene, body: NoticeBody & { readonly kind: 'held' }): Doc {
  const { state } = requestOf(scene);
  const customer = customerOf(scene);
  const name = nameOf(scene, body.by);
  return [
    paragraph(
      say`${name} wrote this to ${customer}.`,
      isReader(scene, state.owner) ? say`The request is yours, so it was ${strong('not sent')}.` : null,
      isReader(scene, state.owner) ? null : say`It was ${strong('not sent')}. ${whoseNow(scene, state)}`,
    ),
    waits(scene, body.text)
      ? paragraph(
          say`To send it as it is, in ${name}'s name, answer ${command('release')}. To write something else: ${command('reply:')} and your text.`,
        )
      : paragraph(say`By now there is nothing to decide: it was sent, or the request is finished.`),
    copyOf(scene, say`${name} wrote:`, body.by, body.text, scene.view.message?.attachments ?? []),
    footer(scene),
  ];
}

const waits = (scene: Scene, text: TextId): boolean =>
  requestOf(scene).state.held.some((one) => one.text === text);

export function released(scene: Scene, body: NoticeBody & { readonly kind: 'released' }): Doc {
  const author = scene.reader ?? body.by;
  return [
    paragraph(
      say`${nameOf(scene, body.by)} let your answer go out to ${customerOf(scene)}. There is nothing you need to do.`,
    ),
    copyOf(scene, say`This went out:`, author, body.text, scene.view.message?.attachments ?? []),
    footer(scene),
  ];
}
