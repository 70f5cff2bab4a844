/** Mails about who is away and who stands in. They are about no request. */
import type { MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { finalManagerAt, standInsFor, triageLeadAt } from '../roster.ts';
import {
  command,
  type Doc,
  named,
  needed,
  own,
  paragraph,
  type Span,
  say,
  spare,
  strong,
  value,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { footer } from './parts.ts';
import { at, frontDesk, isReader, nameOf, nameOrYou, type Scene, shortName } from './scene.ts';

export function coverAsked(scene: Scene, body: NoticeBody & { readonly kind: 'cover-asked' }): Doc {
  const name = nameOf(scene, body.member);
  return [
    needed(
      'question',
      paragraph(
        strong('Can you stand in?'),
        say`${value('away', name)} ${own(body.from > scene.view.now ? 'will be' : 'is')} away${fromWhen(scene, body.from)} until ${value('until', at(scene, body.until))} and named you.`,
        say`Reply ${command('accept')} (or ${command('yes')}) or ${command('decline')}.`,
      ),
    ),
    named(
      'more',
      paragraph(
        say`If you do, what needs ${name} meanwhile is put to you instead. You decide each time: nothing is yours until you accept it.`,
      ),
    ),
    footer(scene),
  ];
}

/** Nothing for what has begun. */
const fromWhen = (scene: Scene, from: Instant): readonly Span[] =>
  from <= scene.view.now ? [] : say` from ${spare('from', at(scene, from))}`;

export function coverAnswered(scene: Scene, body: NoticeBody & { readonly kind: 'cover-answered' }): Doc {
  const cover = nameOf(scene, body.cover);
  const whom = nameOrYou(scene, body.member);
  const whose = isReader(scene, body.member) ? '' : `${shortName(scene, body.member)} `;
  return [
    needed(
      'news',
      body.agreed
        ? paragraph(
            say`${value('cover', cover)} stands in for ${whom} until ${value('until', at(scene, body.until))}.`,
          )
        : paragraph(
            say`${value('said-no', cover)} does not stand in for ${whom}.`,
            say`Meanwhile ${askedInstead(scene, body.member)}.`,
            say`To ask somebody else, answer for example ${command(`${whose}away until Friday, cover ${anotherName(scene, body)}`)}.`,
          ),
    ),
    footer(scene),
  ];
}

/** Somebody who is not away for it and has not said no, so that the example can be sent as it is. */
function anotherName(
  scene: Scene,
  { member, cover }: NoticeBody & { readonly kind: 'cover-answered' },
): string {
  const other = [...scene.view.policy.members.values()].find(
    ({ id, active }) => active && id !== member && id !== cover && !isReader(scene, id),
  );
  return other === undefined ? 'NAME' : shortName(scene, other.id);
}

/** Who is asked for whoever is away, as things are now or will be then: `Sam is asked in your place`. */
export function askedInstead(
  scene: Scene,
  away: MemberId | null,
  when: Instant = scene.view.now,
): readonly Span[] {
  const standIn = away === null ? null : standInFor(scene, away, when);
  const who = standIn === null ? say`${frontDesk(scene)}` : say`${nameOrYou(scene, standIn)}`;
  const is = isReader(scene, standIn) ? 'are' : 'is';
  const whose = isReader(scene, away) ? 'your' : 'their';
  return say`${who} ${own(is)} asked in ${own(whose)} place`;
}

/** null: the front desk, and where that is who is away, whoever is asked after it. */
function standInFor({ view: { policy, inbox } }: Scene, away: MemberId, when: Instant): MemberId | null {
  const [nearest] = standInsFor(policy, away, when);
  if (nearest !== undefined) return nearest;
  return triageLeadAt(policy, inbox.id, when) === away ? finalManagerAt(policy, inbox.id, when, away) : null;
}

export function absenceTold(scene: Scene, body: NoticeBody & { readonly kind: 'absence-told' }): Doc {
  const by = nameOf(scene, body.by);
  return [
    needed(
      'news',
      body.over && body.from > scene.view.now
        ? paragraph(
            say`${value('ended-by', by)} took back that you are away${fromWhen(scene, body.from)} until ${value('until', at(scene, body.until))}.`,
            say`If you are all the same, answer ${command('away from')}, the day, ${command('until')} and the other day, all on one line.`,
          )
        : body.over
          ? paragraph(
              say`${value('ended-by', by)} wrote down that you are back, so you are asked again from now on.`,
              say`If you are still away, answer ${command('away until')} and the day.`,
            )
          : paragraph(
              say`${value('by', by)} wrote down that you are away${fromWhen(scene, body.from)} until ${value('until', at(scene, body.until))}, so others are asked meanwhile.`,
              say`If you are here, answer ${command('back')}.`,
            ),
    ),
    footer(scene),
  ];
}
