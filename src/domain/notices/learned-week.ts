/** What a weekly report says of what was learned: how often it chose, how often rightly, and whether it has stopped. */
import type { Instant } from '../instant.ts';
import type { Lowered } from '../learning/drift.ts';
import type { LearnedWeek } from '../weekly-report/learned.ts';
import { type Block, choice, heading, named, own, paragraph, type Span, say, strong, words } from './doc.ts';
import { counted } from './parts.ts';
import { at, type Scene } from './scene.ts';
import { NAME_MAX } from './words.ts';

export function learnedBlocks(scene: Scene, learned: LearnedWeek | undefined): readonly Block[] {
  if (learned === undefined) return [];
  const { lowered, sure, failedAt } = learned;
  if (sure === 0 && lowered === null && failedAt === null) return [];
  const said = [
    ...(sure === 0 ? [] : [chosen(learned)]),
    ...(lowered === null ? [] : [[strong('It chooses less.')], stopped(scene, lowered), COMES_BACK]),
    ...(failedAt === null ? [] : [[strong('It could not learn anew.')], failed(scene, failedAt)]),
  ];
  return [heading(say`What was learned`), paragraph(...said)].map((block) => named('learned', block));
}

/** `It chose who is asked first for 23 requests: 19 rightly, 1 wrongly, and 3 are not settled yet.` */
function chosen({ mode, sure, right, wrong }: LearnedWeek): readonly Span[] {
  const open = sure - right - wrong;
  const requests = counted(sure, 'request');
  const what =
    mode === 'assign'
      ? `It chose who is asked first for ${requests}`
      : `It was sure of ${requests}, and chose nobody, as the configuration says`;
  const parts = [
    right === 0 ? null : own(`${right} rightly`),
    wrong === 0 ? null : own(`${wrong} wrongly`),
    open === 0 ? null : own(`${open} ${open === 1 ? 'is' : 'are'} not settled yet`),
  ].filter((part) => part !== null);
  return say`${own(what)}: ${choice(parts, 'and')}.`;
}

function stopped(scene: Scene, { since, categories, counts: { right, wrong } }: Lowered): readonly Span[] {
  const { policy } = scene.view;
  const names = (categories ?? []).map((id) => words(policy.categories.get(id)?.name ?? id, NAME_MAX));
  const what =
    categories === null ? say`It chooses nobody` : say`It chooses nobody for ${choice(names, 'and')}`;
  const share = own(`${wrong} of ${right + wrong}`);
  return say`${what} since ${at(scene, since)}, because ${share} of its choices were wrong; the front desk is shown its guesses instead.`;
}

const COMES_BACK = say`It begins again by itself once a new model keeps within what is allowed, and at once when whoever looks after Baton says so with baton model use.`;

/** Whoever reads it cannot mend it, and knows who can. */
const failed = (scene: Scene, failedAt: Instant): readonly Span[] =>
  say`That was last tried ${at(scene, failedAt)}, so what was decided since then is not known to it; the log of Baton says why, to whoever looks after it.`;
