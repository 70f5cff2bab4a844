/** Receipts about times that a member set. */
import { type Block, command, own, paragraph, say } from './doc.ts';
import type { Done } from './receipt-kinds.ts';
import { at, customerOf, requestOf, type Scene } from './scene.ts';

export function snoozed(scene: Scene, result: Done): readonly Block[] {
  const until = result.at === undefined ? own('then') : at(scene, result.at);
  const { answer } = requestOf(scene).state;
  return [
    paragraph(
      say`It is laid aside until ${until}. You hear from us then, or as soon as ${customerOf(scene)} writes.`,
      answer === null || answer.by <= scene.view.now
        ? null
        : say`The answer that ${customerOf(scene)} should have by ${at(scene, answer.by)} is not laid aside.`,
    ),
  ];
}

export function due(scene: Scene, result: Done): readonly Block[] {
  const when = result.at === undefined ? own('then') : at(scene, result.at);
  return [
    paragraph(
      say`It is due by ${when}. You hear from us then, if it is not finished. ${customerOf(scene)} is not told.`,
      say`Another day? Answer ${command('due')} and the day.`,
    ),
  ];
}
