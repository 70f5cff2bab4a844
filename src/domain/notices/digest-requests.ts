/** A request within a digest: who has it, what is wrong with it since when, and what its reader can answer. */
import type { Trouble } from '../digest/attention.ts';
import type { RequestItem } from '../digest/digest.ts';
import { LAID_ASIDE_OFTEN } from '../digest/facts.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../instant.ts';
import { choice, command, joined, own, type Span, say } from './doc.ts';
import { at, isReader, nameOf, nameOrYou, type Scene, shortName } from './scene.ts';

/** `Priya: silent for 2 days; an answer is 1 day late.` The worst comes first, and nothing is said twice. */
export function requestNews(scene: Scene, cut: Instant, item: RequestItem): readonly Span[] {
  const reasons = item.troubles.map((trouble) => reasonOf(scene, cut, item, trouble));
  const [first, ...others] = reasons;
  const who =
    item.owner === null
      ? null
      : say`${isReader(scene, item.owner) ? own('Yours') : nameOf(scene, item.owner)}: `;
  return say`${who}${joined([first ?? null, ...others], '; ')}.`;
}

function reasonOf(scene: Scene, cut: Instant, item: RequestItem, { why, since }: Trouble): readonly Span[] {
  const long = own(lateness(cut - since));
  switch (why) {
    case 'nobody-took':
      return say`nobody has taken it for ${long}${asked(scene, item)}`;
    case 'not-taken':
      return say`not taken yet, for ${long}${asked(scene, item)}`;
    case 'answer-late':
      return say`an answer is ${long} late`;
    case 'unreached':
      return say`our mail does not arrive, since ${at(scene, since)}`;
    case 'held':
      return say`an answer waits to be let out`;
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
  const say1 = (order: string): Span => command(`${item.id} ${order}`);
  const name = item.suggested === null ? 'NAME' : shortName(scene, item.suggested);
  const handoff = say1(`handoff to ${name}`);
  const isYours = isReader(scene, item.owner);
  const [worst] = item.troubles;
  switch (worst?.why) {
    case 'nobody-took':
    case 'not-taken':
      return choice([handoff, say1(isReader(scene, item.asked) ? 'accept' : 'take')], 'or');
    case 'held':
      return choice([say1('release'), handoff], 'or');
    default:
      return choice([say1(isYours ? 'done' : 'remind'), handoff], 'or');
  }
}

/** `40 minutes`, `5 hours`, `2 days`: to what a person would say. */
export function lateness(long: Duration): string {
  const [unit, word] = long < 2 * HOUR ? [MINUTE, 'minute'] : long < 2 * DAY ? [HOUR, 'hour'] : [DAY, 'day'];
  const count = Math.max(1, Math.floor(long / (unit as Duration)));
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
