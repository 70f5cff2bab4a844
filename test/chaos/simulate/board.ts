/**
 * Members at the board of one life: each looks at a page, thinks, and presses a button, by when all may be different.
 * Some press it twice; who is shown an error sends the same form again.
 */
import type { BoardOrder, OrderAbout, OrderOutcome } from '../../../src/app/board-order.ts';
import { commandsFromForm, type FormFields } from '../../../src/domain/command/from-form.ts';
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { MemberId } from '../../../src/domain/ids.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { isOpen } from '../../../src/domain/parked/parked.ts';
import type { Surroundings } from './members.ts';
import type { Processes } from './processes.ts';
import type { World } from './world.ts';

/** A form that was sent, and what its sender was told of it. */
export type Pressed = { readonly order: BoardOrder; readonly outcome: OrderOutcome['type'] };

type Page = {
  readonly member: MemberId;
  readonly about: OrderAbout;
  readonly buttons: readonly FormFields[];
};

/** Then they give up. */
const TRIES_MAX = 4;

/** Lays down when somebody looks. Answers what was pressed, which grows as the life goes on. */
export function planBoard(world: World, around: Surroundings, processes: Processes): readonly Pressed[] {
  const { otherDice: dice, stage, start, calmAt, trace } = world;
  const pressed: Pressed[] = [];
  let forms = 0;

  function visit(): void {
    const page = pageOf(world, around);
    if (page === null) return;
    const { member, about, buttons } = page;
    const commands = commandsFromForm(dice.pick(buttons), processes.adopted);
    if (typeof commands === 'string') throw new Error(`bug: a button without its ${commands}`);
    const verb = commands.at(-1)?.verb;
    if (verb === undefined) throw new Error('bug: a button that orders nothing');
    forms += 1;
    const order: BoardOrder = { member, about, verb, commands, form: `form-${forms}` };
    const at = stage.now() + dice.between(SECOND, dice.happens(0.2) ? HOUR : MINUTE);
    stage.at(at, () => press(order, 1));
    if (dice.happens(0.2)) stage.at(at + dice.between(0, 2 * SECOND), () => press(order, 1));
  }

  function press(order: BoardOrder, tries: number): void {
    const again = (): void => {
      if (world.isCalm || tries === TRIES_MAX) return;
      stage.at(stage.now() + dice.between(SECOND, MINUTE), () => press(order, tries + 1));
    };
    trace.add(
      stage.now(),
      'board',
      `${order.member} presses ${order.verb} of ${JSON.stringify(order.about)}`,
    );
    const worker = processes.some();
    if (worker === null) return again();
    processes.run(
      worker,
      'order',
      async (host) => {
        const { type } = await host.order(order);
        world.tally.add('order', `${order.verb} ${type}`);
        pressed.push({ order, outcome: type });
      },
      (error) => {
        if (error !== null) again();
      },
    );
  }

  const visits = dice.pick(world.isBrief ? [0, 0, 1] : [0, 0, 1, 2, 4]);
  for (let count = 0; count < visits; count += 1)
    stage.at(start + Math.floor(dice.next() * (calmAt - start)), visit);
  return pressed;
}

/** What somebody looks at; null: there is nothing to be seen yet. */
function pageOf({ otherDice: dice, store }: World, around: Surroundings): Page | null {
  const anybody = (): MemberId => dice.pick(around.colleagues);
  const parked = store.parked().filter(isOpen);
  if (parked.length > 0 && dice.happens(0.5)) {
    const { id, accountable } = dice.pick(parked);
    const member = dice.happens(0.8) ? accountable : anybody();
    return { member, about: { type: 'parked', id }, buttons: onParked(anybody) };
  }
  const requests = store.conversations();
  if (dice.happens(0.15)) return { member: anybody(), about: { type: 'desk' }, buttons: onDesk(anybody) };
  if (requests.length === 0) return null;
  const state = dice.pick(requests);
  const { id, lastCustomerMessage, lastAnswer } = state;
  return {
    member: dice.happens(0.8) ? (concerned(state) ?? anybody()) : anybody(),
    about: { type: 'request', id, shown: lastCustomerMessage, answered: lastAnswer?.seq ?? 0 },
    buttons: onRequest(around, anybody),
  };
}

const concerned = ({ offer, accountable }: Conversation): MemberId | null => offer?.to ?? accountable;

const onDesk = (anybody: () => MemberId): FormFields[] => [
  { verb: 'away', until: 'tomorrow' },
  { verb: 'away', until: 'tomorrow', cover: anybody() },
  { verb: 'back' },
];

const onParked = (anybody: () => MemberId): FormFields[] => [
  ...[{ verb: 'dismiss' }, { verb: 'retry' }, { verb: 'request' }],
  { verb: 'handoff', to: anybody() },
];

const onRequest = (around: Surroundings, anybody: () => MemberId): FormFields[] => [
  ...['accept', 'accept', 'take', 'reopen', 'send', 'remind', 'release', 'split', 'spam'].map((verb) => ({
    verb,
  })),
  ...[{ verb: 'decline' }, { verb: 'decline', note: 'no time' }, { verb: 'decline', category: 'invoice' }],
  ...[
    { verb: 'reply', text: 'We come at ten.' },
    { verb: 'note', text: 'rang them' },
  ],
  ...[{ verb: 'done' }, { verb: 'done', note: 'all well' }, { verb: 'category', category: 'leak' }],
  ...[
    { verb: 'handoff', to: anybody() },
    { verb: 'handoff', to: anybody(), note: 'your street' },
  ],
  { verb: 'help-from', to: anybody(), text: 'What is it?' },
  { verb: 'ask', address: 'fitter@outside.example', text: 'Can you come?' },
  ...[
    { verb: 'add', address: 'copy@outside.example' },
    { verb: 'for', address: 'other@example.com' },
  ],
  { verb: 'merge', into: String(around.someRequest()) },
  ...[
    { verb: 'snooze', when: 'tomorrow' },
    { verb: 'due', when: 'tomorrow 4pm' },
  ],
];
