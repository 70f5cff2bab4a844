/**
 * Who else a customer sent their mail to. Nobody is put in copy by that: whoever decides about the request may do so,
 * and so has to know of them.
 */
import { sameAddress } from '../address.ts';
import { copiedPeople, isInbox } from '../customer.ts';
import type { Address } from '../message.ts';
import { type Block, choice, command, muted, named, own, type Span, say } from './doc.ts';
import { customerOf, isCustomers, isReader, nameAndAddress, requestOf, type Scene } from './scene.ts';
import type { MessageView } from './view.ts';

const NAMED_MAX = 4;

/** One line below the mails that are shown; nothing where nobody else was written to. */
export function alsoTo(scene: Scene, messages: readonly MessageView[]): readonly Block[] {
  const people = scene.withWords ? elseWrittenTo(scene, messages) : [];
  if (people.length === 0) return [];
  const shown = people.slice(0, NAMED_MAX).map((person) => nameAndAddress(scene, person, 'somebody outside'));
  const more = people.length - shown.length;
  const names = choice(
    [...shown, more === 0 ? null : own(`${more} more`)].filter((name) => name !== null),
    'and',
  );
  return [
    named('mails', muted(say`${customerOf(scene)} also wrote to ${names}.`, howToAdd(scene, people.length))),
  ];
}

function elseWrittenTo(scene: Scene, messages: readonly MessageView[]): readonly Address[] {
  const { policy } = scene.view;
  const people = messages
    .filter((message) => message.passedOn === null && isCustomers(scene, message))
    .filter((message) => isAddressedToUs(scene, message))
    .flatMap((message) =>
      copiedPeople(message, requestOf(scene), policy).filter(
        ({ address }) => !sameAddress(address, message.from.address),
      ),
    );
  return people.filter(
    (person, i) => people.findIndex(({ address }) => sameAddress(address, person.address)) === i,
  );
}

/** A mail that came by way of another address, such as a group that feeds the inbox, does not tell which one that is. */
const isAddressedToUs = (scene: Scene, { copied }: MessageView): boolean =>
  copied.some(({ address }) => isInbox(scene.view.policy, address));

/** Who is only asked does not decide about it yet. */
function howToAdd(scene: Scene, count: number): readonly Span[] {
  const { owner, accountable } = requestOf(scene).state;
  const decides = isReader(scene, owner) || isReader(scene, accountable);
  const them = own(count === 1 ? 'them' : 'one of them');
  const add = say`answer ${command('add')} and the address`;
  return decides
    ? say`To put ${them} in copy of what goes out, ${add}.`
    : say`To put ${them} in copy once it is yours, ${add}.`;
}
