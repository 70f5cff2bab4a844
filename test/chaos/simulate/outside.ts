/** What happens to one life from outside, at moments of no meaning: to processes, clocks, mailboxes, and by strangers. */
import { type Duration, HOUR, SECOND } from '../../../src/domain/instant.ts';
import type { MemoryMailbox } from '../../support/memory-mailbox.ts';
import { inboxAddressOf } from './customers.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { People } from './people.ts';
import type { Processes } from './processes.ts';
import type { World } from './world.ts';

type Happenings = Readonly<Record<string, () => void>>;

/** Lays down when what of it happens. */
export function planOutside(world: World, mailboxes: Mailboxes, people: People, processes: Processes): void {
  const { dice, stage, faults, start, calmAt } = world;
  const happenings: Happenings = {
    ...toMachines(world, processes),
    ...toMailboxes(world, mailboxes),
    ...byMail(world, mailboxes, people),
  };
  const moments = faults.has('nothing') ? 0 : dice.pick([0, 0, 1, 2, 4]);
  for (let count = 0; count < moments; count += 1) {
    stage.at(start + Math.floor(dice.next() * (calmAt - start)), () => {
      if (!world.isCalm) happenings[dice.pick(Object.keys(happenings))]?.();
    });
  }
}

function toMachines(world: World, processes: Processes): Happenings {
  const { dice, office } = world;
  const stepClock = (by: Duration): void => {
    world.stepDatabaseClock(by);
    world.happened(by > 0 ? 'database-clock-forward' : 'database-clock-back');
  };
  return {
    'configuration-changed': () => {
      const next = dice.happens(0.4) ? office.first : dice.pick(office.later);
      processes.configure(next, () => dice.between(0, 60 * SECOND));
      world.happened('configuration-changed');
    },
    'process-killed': () => {
      processes.some()?.die('when it is killed');
      world.happened('process-killed');
    },
    'database-clock-forward': () => stepClock(dice.between(1, 5_400) * SECOND),
    'database-clock-back': () => stepClock(-dice.between(1, 600) * SECOND),
    'process-clock-stepped': () => {
      processes.some()?.setClock(dice.between(-300, 300) * SECOND);
      world.happened('process-clock-stepped');
    },
  };
}

function toMailboxes({ dice, happened }: World, mailboxes: Mailboxes): Happenings {
  /** `isCompared`: what is new there cannot be seen by the numbers of mails alone. */
  function happening(
    what: string,
    deed: (mailbox: MemoryMailbox, inbox: string) => void,
    isCompared = false,
  ): Happenings {
    return {
      [what]: () => {
        const inbox = dice.pick([...mailboxes.all.keys(), 'maintenance']);
        const mailbox = mailboxes.of(inbox);
        // A server that hides a mail counts on as it did.
        if (mailboxes.isHiding(inbox)) return;
        happened(what);
        deed(mailbox, inbox);
        mailboxes.wake(inbox, 'INBOX', isCompared);
      },
    };
  }

  function listLate(mailbox: MemoryMailbox, inbox: string): void {
    const uid = mailbox.mails('INBOX').at(-1)?.uid;
    if (uid !== undefined) mailboxes.listLate(inbox, uid, dice.between(SECOND, HOUR));
  }

  return {
    ...happening('uidvalidity-changed', (mailbox) => mailbox.changeUidValidity('INBOX')),
    ...happening(
      'backup-restored',
      (mailbox) => {
        const last = mailbox.mails('INBOX').at(-1)?.uid ?? 1;
        mailboxes.putBack(mailbox, dice.between(1, last + 2));
      },
      true,
    ),
    ...happening('expunged', (mailbox) => {
      const lying = mailbox.mails('INBOX');
      if (lying.length > 0) mailbox.expunge('INBOX', dice.pick(lying).uid);
    }),
    ...happening('listed-late', listLate, true),
    ...happening('connections-dropped', (mailbox) => mailbox.dropConnections()),
  };
}

function byMail({ dice, store, happened }: World, { deliver }: Mailboxes, { around }: People): Happenings {
  return {
    'answered-from-the-mailbox': () => {
      const all = store.conversations();
      if (all.length === 0) return;
      const { id, inboxId } = dice.pick(all);
      const { address, subject, messageId } = around.customerOf(id);
      happened('answered-from-the-mailbox');
      const letter = { from: inboxAddressOf(inboxId), to: [address], subject: `Re: ${subject}` };
      deliver(inboxId, { ...letter, text: 'It is done.', answers: [messageId] }, 1, 'Sent');
    },
    'a-stranger-writes': () => {
      const to = [inboxAddressOf('maintenance')];
      const letter = { from: 'mallory@evil.example', to, subject: `Re: #${around.someRequest()}` };
      happened('a-stranger-writes');
      deliver('maintenance', { ...letter, text: 'accept', forged: true });
    },
  };
}
