/** Everybody outside of Baton in one life: who writes first, who gets a mail of ours, and what they make of it. */
import type { OutgoingMail } from '../../../src/app/ports/mail-sender.ts';
import { splitPlus } from '../../../src/domain/address.ts';
import { type Instant, SECOND } from '../../../src/domain/instant.ts';
import { customerGets, firstLetter, helperGets, inboxAddressOf, Manners } from './customers.ts';
import type { Mailboxes } from './mailboxes.ts';
import { type Got, memberGets, type Surroundings, Tempers } from './members.ts';
import { sentIn } from './post.ts';
import type { World } from './world.ts';

export type Delivery = { readonly key: string; readonly bytes: string; readonly at: Instant };

export type People = {
  /** What they know of the world, and can do about it. */
  readonly around: Surroundings;
  /** Who writes first, and when. */
  plan(): void;
  /** The mail server took it, so somebody has it. */
  get(mail: OutgoingMail): void;
  readonly deliveries: readonly Delivery[];
};

/** Nobody answers once so many mails were written. */
const LETTERS_MAX = 14;
const LETTERS_BRIEF = 4;

export function peopleOf(world: World, mailboxes: Mailboxes): People {
  const { dice, stage, store } = world;
  const deliveries: Delivery[] = [];
  const tempers = rememberedOf(() => dice.pick(['quick', 'quick', 'slow', ...Tempers]));
  const manners = rememberedOf(() => dice.pick(Manners));
  const around = surroundingsOf(world, mailboxes);
  return {
    around,
    deliveries,
    plan() {
      const mails = dice.pick(world.isBrief ? [1, 1, 1, 2] : [1, 1, 2, 2, 3, 4]);
      for (let number = 1; number <= mails; number += 1) {
        const { inboxes, letter } = firstLetter(dice, number);
        const after = Math.floor(dice.next() * dice.next() * (world.calmAt - world.start) * 0.7);
        stage.at(world.start + SECOND + after, () => {
          const named = { ...letter, messageId: `first-${number}@example.com` };
          for (const inbox of inboxes) mailboxes.deliver(inbox, named, dice.happens(0.06) ? 2 : 1);
        });
      }
    },
    get(mail) {
      const key = splitPlus(mail.envelopeFrom).tag ?? '';
      deliveries.push({ key, bytes: Buffer.from(mail.raw).toString(), at: stage.now() });
      world.trace.add(stage.now(), 'mail', `arrives at ${mail.envelopeTo}`);
      const row = store.noticeWithKey(key);
      if (row === undefined) return world.say(`a mail went out under a key that no notice has: ${key}`);
      const { notice } = row;
      world.tally.add('sent', notice.body.kind);
      if (world.isCalm) return;
      const inboxAddress = inboxAddressOf(notice.inboxId);
      const got: Got = { notice, sent: sentIn(mail.raw), returnPath: mail.envelopeFrom, inboxAddress };
      const { recipient } = notice;
      if (recipient.type === 'member') memberGets(around, recipient.member, tempers(recipient.member), got);
      else if (recipient.type === 'customer')
        customerGets(around, mail.envelopeTo, manners(mail.envelopeTo), got);
      else helperGets(around, mail.envelopeTo, got);
    },
  };
}

/** Everybody stays as they are when they are first met. */
function rememberedOf(first: () => string): (who: string) => string {
  const known = new Map<string, string>();
  return (who) => {
    const found = known.get(who) ?? first();
    known.set(who, found);
    return found;
  };
}

function surroundingsOf(world: World, mailboxes: Mailboxes): Surroundings {
  const { dice, stage, store, isBrief } = world;
  let promised = 0;
  return {
    dice,
    post(inbox, letter, after, copies = 1) {
      promised += 1;
      stage.at(stage.now() + after, () => {
        if (!world.isCalm) mailboxes.deliver(inbox, letter, copies);
      });
    },
    request: (id) => store.conversations().find((state) => state.id === id) ?? null,
    customerOf(id) {
      const state = store.conversation(id);
      const { mail } = store.message(state.lastCustomerMessage);
      return {
        address: mail?.from[0]?.address ?? 'maria@example.com',
        subject: mail?.subject ?? '',
        messageId: mail?.messageId ?? 'none@example.com',
      };
    },
    someRequest() {
      const all = store.conversations();
      return all.length === 0 ? 1001 : dice.pick(all).id;
    },
    colleagues: [...world.office.first.members.keys()],
    mayWrite: () => promised + mailboxes.letters < (isBrief ? LETTERS_BRIEF : LETTERS_MAX),
  };
}
