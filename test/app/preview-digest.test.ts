/** A digest that is looked at: what it says is what would go out, and nothing comes of the look. */
import { describe, expect, it } from 'vitest';
import { previewDigest } from '../../src/app/preview-digest.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import type { Trouble } from '../../src/domain/outage.ts';
import { writeLetter } from '../support/letters.ts';
import { openWorld } from '../support/world.ts';

describe('a preview of the digest', () => {
  it('says what is stuck at the time that is asked for, and writes and settles nothing', async () => {
    const world = await openWorld();
    const letter = writeLetter({
      from: 'Maria Lopez <maria@example.com>',
      to: ['maintenance@elm.example'],
      subject: 'When are the bins collected?',
      text: 'The old calendar is gone.',
      date: world.clock.now(),
      messageId: 'one@example.com',
    });
    world.deliver('maintenance', letter);
    await world.settle();
    const [sent, rows] = [(await world.sent()).length, world.store.outbox().length];
    const deps = { store: world.store, secret: 'preview' };
    const soon = await previewDigest(deps, world.policy(), 'dana', world.clock.now() + HOUR);
    expect(soon?.mail.subject).toBe('Monday: nothing needs you');
    const later = await previewDigest(deps, world.policy(), 'dana', world.clock.now() + 2 * DAY);
    expect(later?.mail.subject).toBe('Wednesday: 1 needs you, 0 on track');
    expect(later?.mail.text).toContain('When are the bins collected?, Maria Lopez');
    expect(await previewDigest(deps, world.policy(), 'priya', world.clock.now())).toBeNull();
    expect([(await world.sent()).length, world.store.outbox().length]).toEqual([sent, rows]);
    expect(await world.store.lastStandingMail('dana', 'digest')).toBeNull();
  });

  it('says that mail does not flow, and since when, where no Baton runs that would have noted it', async () => {
    const world = await openWorld();
    const deps = { store: world.store, secret: 'preview' };
    const at = world.clock.now() + DAY;
    const trouble = { kind: 'intake', inboxId: 'maintenance', since: at - 16 * HOUR, code: null } as const;
    const shown = async (found: Trouble): Promise<string> => {
      const digest = await previewDigest(deps, world.policy(), 'dana', at, [found]);
      return `${digest?.mail.subject}\n${digest?.mail.text}`;
    };
    const text = await shown(trouble);
    expect(text).toMatch(/^Tuesday: mail is not flowing, nothing else needs you\n/);
    expect(text).toMatch(/Since Mon \d+:00, the mail of maintenance@elm\.example has not been read/);
    expect(await shown({ ...trouble, since: null })).toContain('Mail is NOT flowing');
    for (const other of [
      { ...trouble, since: at - 1 },
      { ...trouble, inboxId: 'elsewhere' },
    ])
      expect(await shown(other)).toContain('Mail is flowing');
  });
});
