/** The store's promise that automatic mail is counted, exactly, with the try that sends it. */
import { expect, it } from 'vitest';
import { type AutomaticMail, type Brake, type Caps, SAID_SPAN } from '../../src/domain/brakes.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { looseNotice, type World } from './store-world.ts';

const LEASE = MINUTE;
const FREE = { hour: 100, day: 100 };
const CAPS: Caps = {
  address: { hour: 2, day: 3 },
  request: FREE,
  unproved: FREE,
  overall: FREE,
  member: FREE,
};

export function storeBrakes(here: () => World): void {
  let made = 0;

  /** So many notices, claimed and ready to be tried. */
  async function claimed(count: number): Promise<number[]> {
    const { store, write } = here();
    const names = Array.from({ length: count }, () => looseNotice(`automatic ${++made}`));
    const { notices } = await write({ notices: names });
    await store.claimNotices({ limit: count, lease: LEASE, ids: notices });
    return notices;
  }

  function begin(id: number, changes: Partial<AutomaticMail> = {}, caps = CAPS, number = 1, claims = number) {
    const mail: AutomaticMail = {
      ...{ id, recipient: 'maria', conversationId: null, proved: true, answers: null, tellsMore: false },
      ...changes,
    };
    const raw = Buffer.from('Subject: We have your message\r\n\r\n');
    const start = { id, claims, number, lease: LEASE, recipient: 'a@b.example', raw };
    return here().store.beginAttempt({ ...start, counted: { mail, caps } });
  }

  /** One after the other. */
  async function beginAll(
    changes: readonly Partial<AutomaticMail>[],
    caps = CAPS,
  ): Promise<(Brake | null)[]> {
    const answers: (Brake | null)[] = [];
    for (const [at, id] of (await claimed(changes.length)).entries())
      answers.push(await begin(id, changes[at], caps));
    return answers;
  }

  const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

  it('lets so many automatic mails go to one address in an hour and in a day, and no more', async () => {
    const { clock } = here();
    expect(await beginAll(times(3, {}))).toEqual([null, null, 'address-cap']);
    expect(await beginAll([{ recipient: 'ann' }])).toEqual([null]);
    clock.advance(HOUR - 1);
    expect(await beginAll([{}])).toEqual(['address-cap']);
    clock.advance(1);
    expect(await beginAll(times(2, {}))).toEqual([null, 'address-cap']);
    clock.advance(DAY - HOUR);
    expect(await beginAll([{}])).toEqual([null]);
  });

  it('counts mails that begin together, whichever of them come first', async () => {
    const ids = await claimed(20);
    const answers = await Promise.all(ids.map((id) => begin(id)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(2);
    expect(answers.filter((answer) => answer === 'address-cap')).toHaveLength(18);
  });

  it('keeps a cap for each request, for unproved senders and for all', async () => {
    const apart = (changes: Partial<AutomaticMail>) =>
      times(3, changes).map((one, at) => ({ recipient: `${at}`, ...one }));
    const two = { hour: 2, day: 2 };
    const { id: first } = await here().openRequest();
    const { id: second } = await here().openRequest();
    expect(await beginAll(apart({ conversationId: first }), { ...CAPS, request: two })).toEqual([
      ...times(2, null),
      'request-cap',
    ]);
    expect(await beginAll([{ conversationId: second }], { ...CAPS, request: two })).toEqual([null]);
    const unproved = apart({ proved: false }).map((one) => ({ ...one, recipient: `u${one.recipient}` }));
    expect(await beginAll(unproved, { ...CAPS, unproved: two })).toEqual([...times(2, null), 'unproved-cap']);
    expect(await beginAll([{ recipient: 'proved' }], { ...CAPS, unproved: two })).toEqual([null]);
    // Two about the first request, one about the second, two unproved and this one.
    const all = { ...CAPS, overall: { hour: 7, day: 7 } };
    expect(await beginAll([{ recipient: 'x' }, { recipient: 'y' }], all)).toEqual([null, 'overall-cap']);
  });

  it('holds back what would tell more about a request whose confirmation was held back', async () => {
    const { write, store, openRequest } = here();
    const { id: conversationId } = await openRequest();
    const more = { conversationId, tellsMore: true };
    const confirm = async (name: string, code: string) => {
      const body = { kind: 'acknowledgement', answerBy: 0 } as const;
      const recipient = { type: 'customer' } as const;
      const { notices } = await write({ notices: [looseNotice(name, { conversationId, body, recipient })] });
      const [id = 0] = notices;
      await store.claimNotices({ limit: 1, lease: LEASE, ids: [id] });
      await write({ outcomes: [{ id, claims: 1, attempt: null, result: null, state: 'dropped', code }] });
    };
    expect(await beginAll([more])).toEqual([null]);
    await confirm('first', 'said-before');
    expect(await beginAll([more, { ...more, tellsMore: false }])).toEqual(['not-confirmed', null]);
    // Whose request it turned out to be was confirmed.
    await confirm('second', 'overtaken');
    expect(await beginAll([{ ...more, recipient: 'ann' }])).toEqual([null]);
  });

  it('begins no try of what may not go out, and counts nothing of it', async () => {
    const { store, clock } = here();
    await beginAll(times(2, {}));
    const [id = 0] = await claimed(1);
    expect(await begin(id)).toBe('address-cap');
    clock.advance(LEASE);
    const [again] = await store.claimNotices({ limit: 1, lease: LEASE, ids: [id] });
    expect(again).toMatchObject({ attempts: 0, mail: null });
    clock.advance(HOUR);
    await store.claimNotices({ limit: 1, lease: LEASE, ids: [id] });
    expect(await begin(id, {}, CAPS, 1, 3)).toBeNull();
  });

  it('counts a mail that is tried again once, and as of its latest try', async () => {
    const { store, clock } = here();
    const [id = 0] = await claimed(1);
    await begin(id);
    clock.advance(40 * MINUTE);
    await store.claimNotices({ limit: 1, lease: LEASE, ids: [id] });
    expect(await begin(id, {}, CAPS, 2)).toBeNull();
    clock.advance(40 * MINUTE);
    expect(await beginAll(times(2, {}))).toEqual([null, 'address-cap']);
    clock.advance(20 * MINUTE);
    expect(await beginAll([{}])).toEqual([null]);
  });

  it('does not confirm the same words twice in a week, and what differs in its numbers three times', async () => {
    const { clock } = here();
    const caps = { ...CAPS, address: FREE };
    const saying = (words: string, form = words) => ({ answers: { words, form } });
    const leak = saying('leak');
    expect(await beginAll([leak, leak, saying('flood'), {}, {}], caps)).toEqual([
      ...[null, 'said-before', null, null, null],
    ]);
    expect(await beginAll([{ ...leak, recipient: 'ann' }], caps)).toEqual([null]);
    const flats = [1, 2, 3, 4].map((flat) => saying(`flat ${flat}`, 'flat 0'));
    expect(await beginAll(flats, caps)).toEqual([null, null, null, 'said-before']);
    clock.advance(SAID_SPAN - 1);
    expect(await beginAll([leak], caps)).toEqual(['said-before']);
    clock.advance(1);
    expect(await beginAll([leak], caps)).toEqual([null]);
  });
}
