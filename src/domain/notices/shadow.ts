/**
 * What a manager reads while Baton only looks on: each request with whom it would have been put to, and how many mails
 * nobody got. And the last of them, when it begins to work: what of that time is still open.
 */
import {
  type Block,
  command,
  type Doc,
  list,
  named,
  needed,
  own,
  paragraph,
  type Span,
  say,
  strong,
  words,
} from './doc.ts';
import type { ShadowItem } from './first-hour-bodies.ts';
import type { NoticeBody } from './notice.ts';
import { byNumber, counted, footer } from './parts.ts';
import { nameOf, type Scene, topicOf } from './scene.ts';

type Shadow = NoticeBody & { readonly kind: 'shadow' };

const TOPIC_MAX = 60;

export function shadowSubject({ items, more, ended }: Shadow): string {
  const requests = counted(items.length + more, 'request');
  return ended
    ? `From now on people are asked: ${requests} still open`
    : `Nobody was mailed: ${requests} looked at`;
}

export function shadow(scene: Scene, body: Shadow): Doc {
  return [
    needed('news', paragraph(...(body.ended ? endedWords(body) : lookedOnWords(body)))),
    ...requests(scene, body),
    ...(body.ended && body.listed[0] !== undefined
      ? [named('more', paragraph(byNumber(body.listed[0].conversationId)))]
      : []),
    footer(scene),
  ];
}

function lookedOnWords({ items, more, outside, members }: Shadow): readonly (readonly Span[] | Span)[] {
  if (items.length + more === 0)
    return [strong('Baton looks on, and nothing came in.'), say`Nobody but managers is mailed so far.`];
  return [
    strong('Baton looks on, and mailed nobody but you.'),
    say`It would have sent ${own(counted(members, 'mail'))} to the team and ${own(counted(outside, 'mail'))} to people outside.`,
    say`Answer your mail as you always did.`,
  ];
}

function endedWords({ items, more }: Shadow): readonly (readonly Span[] | Span)[] {
  if (items.length + more === 0)
    return [strong('From now on people are asked.'), say`Nothing is open from the time before.`];
  return [
    strong('From now on people are asked.'),
    say`What was held back until now is not sent any more.`,
    say`These requests are still open from before. Where somebody would have been asked, their time runs on, and then the next person is asked by mail.`,
    say`What was settled without Baton, end with its number and ${command('done')}.`,
  ];
}

function requests(scene: Scene, { items, more }: Shadow): readonly Block[] {
  if (items.length === 0) return [];
  return [
    named('requests', list(items.map((item) => line(scene, item)))),
    ...(more > 0 ? [paragraph(say`And ${own(String(more))} more.`)] : []),
  ];
}

function line(scene: Scene, { conversationId, asked }: ShadowItem): readonly Span[] {
  const request = scene.view.requests?.get(conversationId);
  const topic =
    request === undefined || !scene.withWords ? null : say` ${words(topicOf(request.subject), TOPIC_MAX)}`;
  const who = asked.flatMap((id, index) =>
    index === 0 ? [nameOf(scene, id)] : [own(', then '), nameOf(scene, id)],
  );
  return say`${own(`#${conversationId}`)}${topic}: ${who.length === 0 ? own('nobody was to be asked') : who}`;
}
