/**
 * What every template may speak of. A customer's mail has nothing here that came from outside: anybody can write in
 * somebody else's name, and the mail would carry their words in ours.
 */
import { own, type Span, words } from './doc.ts';
import type { Values } from './fill.ts';
import { customerOf, customerWord, frontDesk, inboxName, nameOf, type Scene, topicOf } from './scene.ts';

const EMERGENCY_MAX = 300;
const TOPIC_MAX = 64;

/** In a mail about no request, most of them are not there. */
export function commonValues(scene: Scene): Values {
  const { inbox, request } = scene.view;
  const { emergencyLine } = inbox;
  const owner = request?.state.owner ?? null;
  const accountable = request?.state.accountable ?? null;
  // Somebody outside who is asked for help is not told that there is a request, see outside.ts.
  if (scene.view.notice.body.kind === 'outside-reminder') return new Map([['inbox', [inboxName(scene)]]]);
  const anybody: [string, readonly Span[] | null][] = [
    ['inbox', [inboxName(scene)]],
    ['desk', [frontDesk(scene)]],
    ['customer-word', [customerWord(scene)]],
    ['emergency', emergencyLine === null ? null : [words(emergencyLine, EMERGENCY_MAX)]],
    ['number', request === null ? null : [own(String(request.state.id))]],
    ['owner', owner === null ? null : [nameOf(scene, owner)]],
  ];
  if (scene.reader === null) return new Map(anybody);
  return new Map([
    ...anybody,
    ['reader', [nameOf(scene, scene.reader)]],
    ['customer', [customerOf(scene)]],
    ['topic', request === null || !scene.withWords ? null : [words(topicOf(request.subject), TOPIC_MAX)]],
    ['answerable', accountable === null ? null : [nameOf(scene, accountable)]],
  ]);
}
