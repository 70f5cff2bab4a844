/** What people outside do: customers who write, write again, say thanks or take up what was done, and helpers. */
import { HOUR, MINUTE } from '../../../src/domain/instant.ts';
import { type Chance, chanceOf } from './chance.ts';
import { addressOf } from './configure.ts';
import type { Got, World } from './members.ts';
import type { Arrival } from './plan.ts';

export type Outside = {
  /** Everything that customers begin. */
  begin(): void;
  getAsCustomer(address: string, got: Got): void;
  getAsHelper(address: string, got: Got): void;
};

export function outside(world: World): Outside {
  const { plan } = world;

  const arrives = ({ customer, inbox, subject, number, broken }: Arrival): Promise<void> =>
    world.post(inbox, {
      ...{ from: customer, to: [addressOf(inbox)], subject, text: `This is matter ${number}.`, broken },
    });

  function getAsCustomer(address: string, { notice, messageId }: Got): void {
    const { body, inboxId, conversationId: id } = notice;
    if (id === null) return;
    const dice = chanceOf(plan.seed, 'customer', notice.dedupeKey);
    const { subject } = world.customer(id);
    const writes = (text: string, afterHours: number): void => {
      const letter = { from: address, to: [addressOf(inboxId)], subject: `Re: ${subject}`, text };
      world.at(world.now() + Math.round(afterHours * HOUR), () =>
        world.post(inboxId, { ...letter, answers: messageId }),
      );
    };
    if (body.kind === 'acknowledgement' && dice.happens(0.03))
      writes('One thing more.', dice.between(0.5, 30));
    if (body.kind === 'customer-reply') afterAnswer(dice, writes);
    if (body.kind === 'finished' && dice.happens(0.1)) writes('Thank you!', dice.between(0.1, 20));
    else if (body.kind === 'finished' && dice.happens(0.04)) writes('It drips again.', dice.between(2, 200));
  }

  function afterAnswer(dice: Chance, writes: (text: string, afterHours: number) => void): void {
    if (dice.happens(0.2)) writes('And what about the cellar?', dice.between(0.2, 40));
    else if (dice.happens(0.12)) writes('Thanks', dice.between(0.1, 10));
  }

  function getAsHelper(address: string, { notice, answerTo, messageId }: Got): void {
    const dice = chanceOf(plan.seed, 'helper', notice.dedupeKey);
    if (!dice.happens(0.6)) return;
    const letter = { from: address, to: [answerTo], subject: 'Re: your question', text: 'Thursday is fine.' };
    world.at(world.now() + Math.round(dice.between(20, 60 * 50)) * MINUTE, () =>
      world.post(notice.inboxId, { ...letter, answers: messageId }),
    );
  }

  return {
    begin() {
      for (const arrival of plan.arrivals) world.at(arrival.at, () => arrives(arrival));
    },
    getAsCustomer,
    getAsHelper,
  };
}
