/**
 * The look back as a mail to the final manager: how many people never got an answer, who still waits, and the one word
 * that gives each of them somebody who answers for it.
 */

import { figuresInWords, hit, shortAddress } from '../look-back/words.ts';
import {
  type Bar,
  type Block,
  bars,
  command,
  type Doc,
  heading,
  named,
  needed,
  own,
  paragraph,
  type Span,
  say,
  strong,
  words,
} from './doc.ts';
import { lateness } from './durations.ts';
import type { NoticeBody } from './notice.ts';
import { footer } from './parts.ts';
import { customerText, type Scene, topicOf } from './scene.ts';
import { NAME_MAX, oneLine } from './words.ts';

type LookBack = NoticeBody & { readonly kind: 'look-back' };

const SHOWN_MAX = 12;

/** `maintenance@, last 30 days: 9 people never got an answer`. */
export function lookBackSubject({ view: { inbox, policy } }: Scene, { days, figures }: LookBack): string {
  const all = [...policy.inboxes.values()].map(({ address }) => address);
  return `${shortAddress(inbox.address, all)}, ${lastDays(days)}: ${hit(figures)}`;
}

const lastDays = (days: number): string => `last ${days === 1 ? 'day' : `${days} days`}`;

export function lookBack(scene: Scene, body: LookBack): Doc {
  const { figures, days } = body;
  const headline = hit(figures);
  return [
    needed(
      'news',
      paragraph(
        strong(`${headline.charAt(0).toUpperCase()}${headline.slice(1)}`),
        say`in the ${own(lastDays(days))}.`,
        ...figuresInWords(figures).map(own),
      ),
    ),
    ...waiting(scene, body),
    named('more', paragraph(say`Nobody has been mailed. What was said on the phone is not seen.`)),
    footer(scene),
  ];
}

function waiting(scene: Scene, body: LookBack): readonly Block[] {
  if (body.waiting.length === 0) return [];
  const longest = Math.max(...body.waiting.map(({ since }) => body.until - since), 1);
  const shown = body.waiting.slice(0, SHOWN_MAX);
  const left = body.figures.waiting - shown.length;
  return [
    heading(say`Still waiting`),
    bars(
      'cards',
      shown.map((one) => waitingBar(scene, body, one, longest)),
    ),
    ...(left > 0 ? [paragraph(say`And ${own(String(left))} more.`)] : []),
  ]
    .map((block): Block => named('waiting', block))
    .concat(
      needed(
        'question',
        paragraph(
          say`Answer ${command('take over')}, and each of them gets somebody who answers for it today. They themselves are told nothing by that.`,
        ),
      ),
    );
}

function waitingBar(
  scene: Scene,
  { until }: LookBack,
  { messageId, since }: LookBack['waiting'][number],
  longest: number,
): Bar {
  const share = (until - since) / longest;
  const figure = say`Waits for ${own(lateness(until - since))}.`;
  return { label: whoWaits(scene, messageId), figure, share, marked: share, below: [] };
}

/** `Maria Lopez: Leak under kitchen sink.` */
function whoWaits({ view, withWords }: Scene, messageId: number): readonly Span[] {
  const message = view.lookedBack?.get(messageId);
  if (message === undefined || !withWords) return say`Somebody outside.`;
  const topic = oneLine(topicOf(message.subject), TOPIC_MAX);
  return say`${words(customerText(message.from), NAME_MAX)}: ${words(topic, TOPIC_MAX)}.`;
}

const TOPIC_MAX = 60;
