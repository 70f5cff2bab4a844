/** Receipts about what is a request, of what it is made and whose it is. */
import { outsidersIn } from '../customer.ts';
import { type Block, command, own, paragraph, type Span, say, strong } from './doc.ts';
import type { Done } from './receipt-kinds.ts';
import { mailOfRequest, parkedMail } from './receipt-parked.ts';
import { customerOf, inboxOf, nameAndAddress, type Scene, textOf } from './scene.ts';

const other = ({ other: id }: Done): Span => own(id === undefined ? 'another request' : `#${id}`);

export function splitOff(scene: Scene, result: Done): readonly Block[] {
  const events = scene.view.request?.events ?? [];
  const copy = events.find((event) => event.type === 'also-split' && event.into === result.other);
  const which =
    copy?.type === 'also-split'
      ? say`The copy in ${inboxOf(scene, copy.inboxId)} is a request of its own now`
      : say`The latest mail is a request of its own now`;
  const rest = own(copy === undefined ? 'The rest stays here.' : 'This one stays as it is.');
  return [paragraph(say`${which}, ${other(result)}, and somebody is asked to take it. ${rest}`)];
}

export const joinedTo = (result: Done): readonly Block[] => [
  paragraph(
    say`This is a part of ${other(result)} now and goes on there. Whoever answers for ${other(result)} is told.`,
  ),
];

export function forSomebody(scene: Scene, { contact }: Done): readonly Block[] {
  const request = scene.view.request;
  const known = contact === undefined ? undefined : request?.contacts.get(contact);
  const whose = nameAndAddress(scene, known ?? request?.customer ?? null, 'the person you named');
  const held = request?.state.held ?? [];
  const waits =
    held.length === 0
      ? null
      : say`The answer that waits goes there as well once you answer ${command('release')}.`;
  return [paragraph(say`From now on this is the request of ${whose}, and answers go there.`, waits)];
}

export const isSpam = (scene: Scene): readonly Block[] => [
  paragraph(
    strong('Closed as spam.'),
    say`Nobody is answered, and nothing that ${customerOf(scene)} writes to it opens it again.`,
  ),
  paragraph(say`If it is no spam, answer ${command('reopen')}.`),
];

export const putAside = (scene: Scene): readonly Block[] => [
  paragraph(
    say`The ${parkedMail(scene)} is put aside. It stays in the shared mailbox, and nobody is asked about it any more.`,
  ),
];

export const tryAgain = (scene: Scene): readonly Block[] => [
  paragraph(
    say`We read the ${parkedMail(scene)} once more. If that works, somebody is asked to take it; if not, you hear from us again.`,
  ),
];

/** A phone call that was taken down, or a mail that could not be read. */
export const becameRequest = (scene: Scene, result: Done): readonly Block[] => {
  const what = result.verb === 'request' ? say`The ${mailOfRequest(scene)}` : say`It`;
  const number = result.other === undefined ? own('with a number of its own') : other(result);
  return [
    paragraph(
      say`${what} is a request now, ${number}, and somebody is asked to take it.`,
      result.verb === 'new' ? whomToAnswer(scene, result) : null,
    ),
  ];
};

/** Whoever took a call down may not know that its words name nobody; which of two is meant is theirs to say. */
function whomToAnswer(scene: Scene, result: Done): readonly Span[] | null {
  const { request, policy } = scene.view;
  const [arrived] = request?.events ?? [];
  if (request?.state.id !== result.other || request?.customer.address !== '') return null;
  const words = arrived?.type === 'arrived' && scene.withWords ? textOf(scene, arrived.text) : null;
  const [address, ...others] = words === null ? [] : outsidersIn(words, policy);
  return address === undefined || others.length > 0
    ? say`Nobody can be answered yet: when you know an address, answer ${command('for')} and the address.`
    : say`Nobody can be answered yet: to have answers go to that address, answer ${command(`for ${address}`)}.`;
}
