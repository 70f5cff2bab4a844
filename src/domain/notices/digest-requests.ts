/** A request within a digest: who has it, what is wrong with it since when, and what its reader can answer. */
import type { Trouble } from '../digest/attention.ts';
import type { Digest, RequestItem } from '../digest/digest.ts';
import { LAID_ASIDE_OFTEN } from '../digest/facts.ts';
import type { MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { choice, command, joined, own, type Span, say, words } from './doc.ts';
import { lateness } from './durations.ts';
import { at, isReader, nameOf, nameOrYou, type Scene, shortName } from './scene.ts';
import { NAME_MAX } from './words.ts';

/** `Priya: an answer is 1 day late; silent for 2 days, and the tenant wrote again.` The worst comes first. */
export function requestNews(scene: Scene, body: Digest, item: RequestItem): readonly Span[] {
  const reasons = item.troubles.map((trouble) => reasonOf(scene, body.at, item, trouble));
  const said = say`${joined(reasons, '; ')}${wroteAgain(scene, item)}${askedByAClock(scene, item)}`;
  if (item.owner === null) return say`${upperFirst(said)}.`;
  const until = awayUntil(body, item.owner);
  const away = until === null ? null : say` (away until ${at(scene, until)})`;
  return say`${isReader(scene, item.owner) ? own('Yours') : nameOf(scene, item.owner)}${away}: ${said}.`;
}

/** Whoever is away has no use for a reminder. */
const awayUntil = ({ load }: Digest, owner: MemberId | null): Instant | null =>
  load.find(({ member }) => member === owner)?.awayUntil ?? null;

const upperFirst = ([first, ...others]: readonly Span[]): readonly Span[] =>
  first === undefined
    ? []
    : [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...others];

function reasonOf(scene: Scene, cut: Instant, item: RequestItem, { why, since }: Trouble): readonly Span[] {
  const long = own(lateness(cut - since));
  switch (why) {
    case 'nobody-took':
      return say`nobody has taken it in ${long}${asked(scene, item)}`;
    case 'not-taken':
      return say`has waited ${long} to be taken${asked(scene, item)}`;
    case 'answer-late':
      return say`an answer is ${long} late`;
    case 'unreached':
      return say`our mail to the ${customerWord(scene)} comes back, since ${at(scene, since)}`;
    case 'held':
      return say`an answer has waited ${long} to be sent`;
    case 'overdue':
      return say`was to be finished ${long} ago`;
    case 'silent':
      return say`silent for ${long}`;
    case 'handoff-open':
      return item.asked === null
        ? say`a handoff has been open for ${long}`
        : say`${nameOrYou(scene, item.asked)} ${own(isReader(scene, item.asked) ? 'were' : 'was')} asked to take it over ${long} ago, without an answer`;
    case 'laid-aside':
      return say`laid aside ${own(String(LAID_ASIDE_OFTEN))} times or more within two weeks`;
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
    : say`, and ${nameOf(scene, item.asked)} is asked`;
};

/** What a colleague asks is a reason of its own; who is asked while nobody has it is told with that. */
function askedByAClock(scene: Scene, { owner, asked, troubles }: RequestItem): readonly Span[] | null {
  if (owner === null || asked === null || troubles.some(({ why }) => why === 'handoff-open')) return null;
  return say`; ${nameOrYou(scene, asked)} ${own(isReader(scene, asked) ? 'are' : 'is')} asked to take it over`;
}

/** Whoever writes a second time has noticed the silence. */
function wroteAgain(scene: Scene, { id, troubles }: RequestItem): readonly Span[] | null {
  const wroteAt = scene.view.lines?.requests.get(id)?.wroteAt ?? null;
  const waits = troubles.some(
    ({ why, since }) => (why === 'silent' || why === 'answer-late') && since < (wroteAt ?? since),
  );
  return !waits ? null : say`, and the ${customerWord(scene)} wrote again`;
}

const customerWord = ({ view }: Scene): Span => words(view.inbox.customerWord, NAME_MAX);

/** What helps most comes first. With its number in front, so that several fit into one answer. */
export function answers(scene: Scene, body: Digest, item: RequestItem): readonly Span[] {
  const order = (said: string): Span => command(`${item.id} ${said}`);
  const handoff =
    item.suggested === null
      ? say`${order('handoff to')} and a name`
      : [order(`handoff to ${shortName(scene, item.suggested)}`)];
  const isYours = isReader(scene, item.owner);
  const isAway = awayUntil(body, item.owner) !== null;
  const [worst] = item.troubles;
  switch (worst?.why) {
    case 'nobody-took':
    case 'not-taken':
      return choice([handoff, order(isReader(scene, item.asked) ? 'accept' : 'take')], 'or');
    case 'held':
      return choice([order('release'), handoff], 'or');
    default:
      if (isReader(scene, item.asked))
        return choice([order('accept'), ...(isAway ? [] : [order('remind')]), handoff], 'or');
      if (isYours && worst?.why === 'answer-late')
        return choice([say`${order('reply:')} and your text`, handoff], 'or');
      if (!isYours && isAway) return choice([handoff, order('take')], 'or');
      return choice([order(isYours ? 'done' : 'remind'), handoff], 'or');
  }
}
