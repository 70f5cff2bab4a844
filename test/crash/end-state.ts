/** What two runs of one scenario must have in common, without the numbers and times in which they may differ. */
import type { Conversation } from '../../src/domain/conversation/state.ts';
import type { SentMail, World } from '../support/world.ts';

export async function endState(world: World) {
  const { store } = world;
  const requests = store.conversations().toSorted((a, b) => a.id - b.id);
  const numberOf = (id: number | null) => requests.findIndex((state) => state.id === id) + 1;
  return {
    requests: await Promise.all(requests.map((state) => requestState(world, state))),
    messages: store
      .messages()
      .map(({ inboxId, role, uid, disposition, reason, conversationId, member }) =>
        [inboxId, role, uid, disposition, reason?.code, numberOf(conversationId), member].join(' '),
      )
      .sort(),
    notices: store
      .outbox()
      .map(({ notice, state }) => {
        const { conversationId, seq, body, recipient } = notice;
        const who = recipient.type === 'member' ? recipient.member : 'customer';
        return [numberOf(conversationId), seq, body.kind, who, state].join(' ');
      })
      .sort(),
    parked: store
      .parked()
      .map(({ id, accountable, rung, told, due, decided }) =>
        [id, accountable, rung, told, due === null, decided?.how, decided?.by].join(' '),
      )
      .sort(),
    sent: once(await world.sent())
      .map(({ kind, outgoing, mail }) => `${kind} ${outgoing.envelopeTo} ${withoutNumber(mail.subject)}`)
      .sort(),
  };
}

async function requestState({ store }: World, state: Conversation) {
  const { id, inboxId, phase, accountable, owner, offer, asked, epoch, priority, classified } = state;
  return {
    inboxId,
    phase,
    accountable,
    owner,
    asked,
    epoch,
    priority,
    category: classified?.category,
    offer: offer && [offer.to, offer.kind, offer.by, offer.acceptBy === null].join(' '),
    events: store.events(id).map(({ type }) => type),
    ledger: store.ledger(id).map(({ member }) => member),
    offers: store.offers(id).map(({ to, kind, end }) => `${kind} ${to} ${end?.outcome}`),
    texts: [...(await store.readRequest(id)).texts.values()].map(({ author, body }) => `${author}: ${body}`),
  };
}

/** Whoever gets two copies with one Message-ID has been told once. */
function once(sent: readonly SentMail[]): SentMail[] {
  return [...new Map(sent.map((mail) => [mail.mail.messageId, mail])).values()];
}

const withoutNumber = (subject: string): string => subject.replace(/#\d+/g, '#');

/** The notices that were handed over while nobody wrote down that they were: only these may be sent again. */
export function unrecorded({ store, sender }: World): ReadonlySet<number> {
  const delivered = sender.delivered.map(({ envelopeFrom }) => envelopeFrom);
  const open = store.attempts().filter(({ finishedAt }) => finishedAt === null);
  return new Set(
    open
      .map(({ id }) => id)
      .filter((id) => {
        const row = store.outbox().find(({ notice }) => notice.id === id);
        return delivered.some((from) => row !== undefined && from.includes(`+${row.key}@`));
      }),
  );
}

/** Mails beyond one for each notice. A copy is allowed for `mayRepeat`, and then it is the same mail to the byte. */
export function secondNotices({ store, sender }: World, mayRepeat: ReadonlySet<number>): string[] {
  const broken: string[] = [];
  for (const { notice, key, state } of store.outbox()) {
    const copies = sender.delivered.filter(({ envelopeFrom }) => envelopeFrom.includes(`+${key}@`));
    if ((state === 'sent') !== copies.length > 0)
      broken.push(`${notice.dedupeKey} is ${state} and was sent ${copies.length} times`);
    if (copies.length > 1 && !mayRepeat.has(notice.id))
      broken.push(`${notice.dedupeKey} was sent ${copies.length} times`);
    const distinct = new Set(
      copies.map(({ raw, envelopeTo }) => `${envelopeTo} ${Buffer.from(raw).toString('base64')}`),
    );
    if (distinct.size > 1) broken.push(`${notice.dedupeKey} was sent in ${distinct.size} versions`);
  }
  const keys = new Set(store.outbox().map(({ key }) => key));
  for (const { envelopeFrom } of sender.delivered) {
    if (!keys.has(/\+([a-z2-7]{26})@/.exec(envelopeFrom)?.[1] ?? ''))
      broken.push(`${envelopeFrom} is no notice's`);
  }
  return broken;
}
