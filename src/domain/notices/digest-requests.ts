/** A request within a digest: who has it, what is wrong with it since when, and what its reader can answer. */
import type { Trouble } from '../digest/attention.ts';
import type { RequestItem } from '../digest/digest.ts';
import { LAID_ASIDE_OFTEN } from '../digest/facts.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../instant.ts';
import { choice, command, joined, own, type Span, say } from './doc.ts';
import { counted } from './parts.ts';
import { at, isReader, nameOf, nameOrYou, type Scene, shortName } from './scene.ts';

/** `Priya: silent for 2 days; an answer is 1 day late.` The worst comes first. */
export function requestNews(scene: Scene, cut: Instant, item: RequestItem): readonly Span[] {
  const reasons = item.troubles.map((trouble) => reasonOf(scene, cut, item, trouble));
  const said = joined(reasons, '; ');
  if (item.owner === null) return say`${upperFirst(said)}.`;
  return say`${isReader(scene, item.owner) ? own('Yours') : nameOf(scene, item.owner)}: ${said}.`;
}

const upperFirst = ([first, ...others]: readonly Span[]): readonly Span[] =>
  first === undefined
    ? []
    : [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...others];

function reasonOf(scene: Scene, cut: Instant, item: RequestItem, { why, since }: Trouble): readonly Span[] {
  const long = own(lateness(cut - since));
  switch (why) {
    case 'nobody-took':
      return say`nobody has taken it for ${long}${asked(scene, item)}`;
    case 'not-taken':
      return say`waits to be taken for ${long}${asked(scene, item)}`;
    case 'answer-late':
      return say`an answer is ${long} late`;
    case 'unreached':
      return say`our mail does not arrive, since ${at(scene, since)}`;
    case 'held':
      return say`an answer waits to be let out, for ${long}`;
    case 'overdue':
      return say`was to be finished ${long} ago`;
    case 'silent':
      return say`silent for ${long}`;
    case 'handoff-open':
      return item.asked === null
        ? say`a handoff is open for ${long}`
        : say`${nameOrYou(scene, item.asked)} ${own(isReader(scene, item.asked) ? 'have' : 'has')} been asked to take over for ${long}`;
    case 'laid-aside':
      return say`laid aside ${own(String(LAID_ASIDE_OFTEN))} times or more in two weeks`;
    case 'member-unreached':
    case 'parked':
      return [];
    default:
      return why satisfies never;
  }
}

const asked = (scene: Scene, item: RequestItem): readonly Span[] | null => {
  if (item.asked === null) return null;
  return isReader(scene, item.asked)
    ? say`, and you are asked`
    : say`, ${nameOf(scene, item.asked)} is asked`;
};

/** What helps most comes first. With its number in front, so that several fit into one answer. */
export function answers(scene: Scene, item: RequestItem): readonly Span[] {
  const order = (words: string): Span => command(`${item.id} ${words}`);
  const name = item.suggested === null ? 'NAME' : shortName(scene, item.suggested);
  const handoff = order(`handoff to ${name}`);
  const isYours = isReader(scene, item.owner);
  const [worst] = item.troubles;
  switch (worst?.why) {
    case 'nobody-took':
    case 'not-taken':
      return choice([handoff, order(isReader(scene, item.asked) ? 'accept' : 'take')], 'or');
    case 'held':
      return choice([order('release'), handoff], 'or');
    default:
      return choice([order(isYours ? 'done' : 'remind'), handoff], 'or');
  }
}

/** `40 minutes`, `5 hours`, `2 days`: as a person would say it. */
export function lateness(long: Duration): string {
  if (long < 50 * MINUTE) return counted(Math.max(1, Math.round(long / MINUTE)), 'minute');
  return long < 20 * HOUR
    ? counted(Math.max(1, Math.round(long / HOUR)), 'hour')
    : counted(Math.max(1, Math.round(long / DAY)), 'day');
}
