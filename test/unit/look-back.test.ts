/** What became of the mail of the past: answered, waiting or nothing to answer; by two, how fast, and whose it would be. */
import { describe, expect, test } from 'vitest';
import { DAY, fromIso, HOUR, type Instant } from '../../src/domain/instant.ts';
import { folderRole } from '../../src/domain/look-back/folder-names.ts';
import { guessInbox } from '../../src/domain/look-back/guess-inbox.ts';
import { type InboxLookBack, lookBack } from '../../src/domain/look-back/look-back.ts';
import { oursByAddress, oursByPolicy } from '../../src/domain/look-back/ours.ts';
import type { PastMail } from '../../src/domain/look-back/past-mail.ts';
import { hit, shortAddress, timesInWords } from '../../src/domain/look-back/words.ts';
import { testPolicy } from '../support/policy.ts';

const START = fromIso('2026-03-02T08:00:00Z');
const END = START + 10 * DAY;
const Policy = testPolicy();
const Ours = oursByPolicy(Policy);
const INBOX = Policy.inboxes.get('maintenance')?.address ?? '';

const person = (address: string, name = '') => ({ name, address });

type Written = Partial<Omit<PastMail, 'from' | 'to' | 'date'>> & {
  readonly id: string;
  readonly from: string;
  readonly to?: readonly string[];
  readonly at: Instant;
  readonly answers?: string;
};

function mail({ id, from, to = [INBOX], at, answers, ...more }: Written): PastMail {
  return {
    messageId: `${id}@x.example`,
    inReplyTo: answers === undefined ? [] : [`${answers}@x.example`],
    references: [],
    subject: answers === undefined ? `About ${id}` : `Re: About ${answers}`,
    date: at,
    from: [person(from)],
    to: to.map((one) => person(one)),
    cc: [],
    bodyHash: id,
    quotes: answers !== undefined,
    identity: id,
    place: id,
    inSent: false,
    foundIn: null,
    replyTo: [],
    deliveredTo: [],
    person: true,
    customer: person(from),
    onlyThanks: false,
    ruled: null,
    ...more,
  };
}

const MARIA = 'maria@mail.example';

function looked(mails: readonly PastMail[], from: Instant | null = null, grace = 0): InboxLookBack {
  const { inboxes } = lookBack(mails, { ours: Ours, policy: Policy, from, until: END, grace });
  const [maintenance] = inboxes;
  if (maintenance === undefined) throw new Error('there is an inbox');
  return maintenance;
}

const statuses = (mails: readonly PastMail[]) => looked(mails).requests.map(({ status }) => status);

describe('answered, or waiting', () => {
  test('whoever nobody wrote back to has waited since their first mail', () => {
    const { waiting, neverAnswered } = looked([
      mail({ id: 'leak', from: MARIA, at: START }),
      mail({ id: 'again', from: MARIA, at: START + DAY, answers: 'leak' }),
    ]);
    expect(waiting.map(({ since, waited }) => [since, waited])).toEqual([[START, 10 * DAY]]);
    expect(neverAnswered).toBe(1);
  });

  test('an answer of a teammate, of the inbox itself and from a folder of sent mail all count', () => {
    for (const [from, inSent] of [
      ['priya@elm.example', false],
      [INBOX, false],
      ['assistant@elsewhere.example', true],
    ] as const) {
      const answer = mail({ id: 'a', from, inSent, to: [MARIA], at: START + HOUR, answers: 'leak' });
      expect(statuses([mail({ id: 'leak', from: MARIA, at: START }), answer]), from).toEqual(['answered']);
    }
  });

  test('what goes to a colleague or to a plumber in a conversation is no answer to its customer', () => {
    const leak = mail({ id: 'leak', from: MARIA, at: START });
    const note = mail({
      id: 'n',
      from: 'priya@elm.example',
      to: ['sam@elm.example'],
      at: START + HOUR,
      answers: 'leak',
    });
    const ask = mail({
      id: 'p',
      from: 'priya@elm.example',
      to: ['joe@plumb.example'],
      at: START + HOUR,
      answers: 'leak',
    });
    const said = mail({
      id: 'j',
      from: 'joe@plumb.example',
      to: ['priya@elm.example', INBOX],
      at: START + 2 * HOUR,
      answers: 'p',
    });
    expect(statuses([leak, note])).toEqual(['waiting']);
    const { waiting } = looked([leak, ask, said]);
    // Nor does the plumber wait for anything.
    expect(waiting.map(({ open }) => open.map(({ identity }) => identity))).toEqual([['leak']]);
  });

  test('an automatic answer of ours answers nobody, and a machine that writes waits for nothing', () => {
    const leak = mail({ id: 'leak', from: MARIA, at: START });
    const robot = mail({
      id: 'r',
      from: INBOX,
      to: [MARIA],
      at: START + HOUR,
      answers: 'leak',
      person: false,
    });
    expect(statuses([leak, robot])).toEqual(['waiting']);
    expect(statuses([mail({ id: 'news', from: 'news@shop.example', at: START, person: false })])).toEqual([]);
  });

  test('plain thanks as the last word wait for nothing, and any other last word does', () => {
    const leak = mail({ id: 'leak', from: MARIA, at: START });
    const answer = mail({ id: 'a', from: INBOX, to: [MARIA], at: START + HOUR, answers: 'leak' });
    const last = (onlyThanks: boolean) =>
      mail({ id: 'l', from: MARIA, at: START + DAY, answers: 'a', onlyThanks });
    expect(statuses([leak, answer, last(true)])).toEqual(['answered']);
    const { waiting, neverAnswered } = looked([leak, answer, last(false)]);
    expect(waiting.map(({ since }) => since)).toEqual([START + DAY]);
    expect(neverAnswered).toBe(0);
    expect(statuses([{ ...leak, onlyThanks: true }])).toEqual(['needs-none']);
  });

  test('what we began ourselves is no request, and where its beginning is not there its customer counts', () => {
    const ours = mail({ id: 'offer', from: INBOX, to: [MARIA], at: START });
    const back = mail({ id: 'b', from: MARIA, at: START + HOUR, answers: 'offer' });
    expect(statuses([ours, back])).toEqual([]);
    const late = mail({ id: 'late', from: INBOX, to: [MARIA], at: START, answers: 'gone' });
    const after = mail({ id: 'c', from: MARIA, at: START + HOUR, answers: 'late' });
    const { requests, firstAnswer, neverAnswered } = looked([late, after]);
    expect(requests.map(({ status, beganBefore }) => [status, beganBefore])).toEqual([['waiting', true]]);
    // Nobody knows how long the first answer took.
    expect([firstAnswer.wall.count, neverAnswered]).toEqual([0, 0]);
  });

  test('one person who wrote three times is one who never got an answer', () => {
    const three = ['x', 'y', 'z'].map((id, index) => mail({ id, from: MARIA, at: START + index * DAY }));
    const { waiting, neverAnswered } = looked(three);
    expect([waiting.length, neverAnswered]).toEqual([3, 1]);
  });

  test('whoever came just now is not called unanswered yet', () => {
    const now = mail({ id: 'now', from: MARIA, at: END - HOUR });
    expect(looked([now], null, DAY)).toMatchObject({ neverAnswered: 0, fresh: 1 });
    expect(looked([now], null, 0)).toMatchObject({ neverAnswered: 1, fresh: 0 });
  });

  test('what began before the days that are looked at counts only where it is asked in them and waits', () => {
    const leak = mail({ id: 'leak', from: MARIA, at: START });
    const answer = mail({ id: 'a', from: INBOX, to: [MARIA], at: START + HOUR, answers: 'leak' });
    const again = mail({ id: 'again', from: MARIA, at: START + 5 * DAY, answers: 'a' });
    expect(looked([leak, answer], START + DAY).requests).toEqual([]);
    expect(looked([leak, answer, again], START + DAY).waiting.length).toBe(1);
    expect(looked([leak], START + DAY).requests).toEqual([]);
  });
});

describe('answered twice', () => {
  const leak = mail({ id: 'leak', from: MARIA, at: START });
  const by = (id: string, from: string, after = HOUR) =>
    mail({ id, from, to: [MARIA], at: START + after, answers: 'leak' });

  test('two teammates who answer one mail are told with both of their answers', () => {
    const { twice } = looked([leak, by('a', 'priya@elm.example'), by('b', 'sam@elm.example', 2 * HOUR)]);
    expect(twice.map((one) => one.twice[0]?.answers.map(({ identity }) => identity))).toEqual([['a', 'b']]);
  });

  test('two mails of one person are one answer, whichever of their addresses they write from', () => {
    expect(looked([leak, by('a', 'priya@elm.example'), by('b', 'p@home.example')]).twice).toEqual([]);
  });

  test('an answer to each of two mails of a customer is not twice', () => {
    const again = mail({ id: 'again', from: MARIA, at: START + 2 * HOUR, answers: 'a' });
    const second = mail({
      id: 'b',
      from: 'sam@elm.example',
      to: [MARIA],
      at: START + 3 * HOUR,
      answers: 'again',
    });
    expect(looked([leak, by('a', 'priya@elm.example'), again, second]).twice).toEqual([]);
  });

  test('the same answer in two folders counts once, and colleagues who share an address are told apart by name', () => {
    const answer = by('a', INBOX);
    expect(looked([leak, answer, { ...answer, place: 'another folder', inSent: true }]).twice).toEqual([]);
    const as = (id: string, name: string, at: Instant): PastMail => ({
      ...by(id, INBOX),
      date: at,
      from: [person(INBOX, name)],
    });
    expect(
      looked([leak, as('a', 'Priya', START + HOUR), as('b', 'Sam', START + 2 * HOUR)]).twice.length,
    ).toBe(1);
    expect(looked([leak, as('a', 'Priya', START + HOUR), as('b', 'priya', START + 2 * HOUR)]).twice).toEqual(
      [],
    );
  });
});

describe('how long first answers took', () => {
  test('those that still wait count with their wait, by the clock and in the hours of the inbox', () => {
    const asked = ['a', 'b', 'c', 'd', 'e'].map((id) => mail({ id, from: `${id}@mail.example`, at: START }));
    const answers = ['a', 'b', 'c'].map((id, index) =>
      mail({
        id: `re-${id}`,
        from: INBOX,
        to: [`${id}@mail.example`],
        at: START + (index + 1) * DAY,
        answers: id,
      }),
    );
    const { firstAnswer, overTwoDays } = looked([...asked, ...answers]);
    expect(firstAnswer.wall).toEqual({
      count: 5,
      waiting: 2,
      half: 3 * DAY,
      most: 'not-yet',
    });
    expect(firstAnswer.working?.half).toBeLessThan(3 * DAY);
    expect(overTwoDays).toBe(3);
  });

  test('a half that was not reached is no figure, although two had an answer and one waits for long', () => {
    const ages = [3 * DAY, 5 * DAY, 30 * HOUR, 2 * DAY, 5 * DAY, 6 * DAY, 9 * DAY];
    const asked = ages.map((age, at) => mail({ id: `q${at}`, from: `${at}@mail.example`, at: END - age }));
    const answered = [3 * HOUR, DAY].map((took, at) => {
      const [to, age] = [[`${at}@mail.example`], ages[at] ?? 0];
      return mail({ id: `re-${at}`, from: INBOX, to, at: END - age + took, answers: `q${at}` });
    });
    const { wall, working } = looked([...asked, ...answered]).firstAnswer;
    expect(wall).toEqual({ count: 7, waiting: 5, half: 'not-yet', most: 'not-yet' });
    expect(timesInWords(wall, 'clock')).toEqual({
      half: 'fewer than half have had an answer yet',
      most: 'fewer than nine of ten have had one',
    });
    expect(working?.half).toBe('not-yet');
  });

  test('by the clock a time is told in days, in working hours never', () => {
    const times = { count: 9, waiting: 0, half: 36 * HOUR, most: 75 * HOUR };
    expect(timesInWords(times, 'clock').most).toBe('3 days');
    expect(timesInWords(times, 'work')).toEqual({ half: '36\u00a0hours', most: '75\u00a0hours' });
  });
});

describe('whose it would have been', () => {
  const ruled = (
    assign: NonNullable<PastMail['ruled']>['assign'],
    code: string,
  ): Pick<PastMail, 'ruled'> => ({
    ruled: { category: null, priority: 'normal', ruleId: null, assign, reason: { code, sentence: '' } },
  });

  test("a team takes turns, and what no rule gives to anybody is the front desk's", () => {
    const team = [1, 2, 3].map((day) =>
      mail({
        id: `t${day}`,
        from: MARIA,
        at: START + day * HOUR,
        ...ruled({ type: 'team', team: 'maintenance' }, 'rule'),
      }),
    );
    const loose = mail({ id: 'loose', from: MARIA, at: START + 4 * HOUR, ...ruled(null, 'no-rule') });
    const { owners, noRule } = looked([...team, loose]);
    expect(owners?.reduce((sum, { requests }) => sum + requests, 0)).toBe(4);
    expect(owners?.find(({ member }) => member === 'leah')?.requests).toBe(1);
    expect(noRule.map(({ opener }) => opener.identity)).toEqual(['loose']);
  });
});

describe('an archive without a configuration', () => {
  test('is of the address that most mails went to which it did not write', () => {
    const mails = [
      mail({ id: 'a', from: MARIA, to: ['support@elm.example'], at: START }),
      mail({ id: 'b', from: MARIA, to: ['Support@elm.example', 'x@y.example'], at: START }),
      ...['c', 'd', 'e'].map((id) =>
        mail({ id, from: 'support@elm.example', to: [MARIA], at: START, inSent: true }),
      ),
    ];
    expect(guessInbox(mails)).toBe('support@elm.example');
    expect(guessInbox([])).toBeNull();
  });

  test('takes the domain of the inbox for the team, unless anybody can have an address there', () => {
    const at = (inbox: string, address: string) =>
      oursByAddress([inbox], new Set(['joe@else.example'])).writerAt(address);
    expect(at('support@elm.example', 'Priya@elm.example')).toBe('priya@elm.example');
    expect(at('elm.support@gmail.com', 'maria@gmail.com')).toBeNull();
    expect(at('elm@yahoo.co.uk', 'maria@yahoo.co.uk')).toBeNull();
    expect(at('support@mail.elm.example', 'priya@mail.elm.example')).toBe('priya@mail.elm.example');
    expect(at('elm.support@gmail.com', 'elm.support+x@gmail.com')).toBe('elm.support@gmail.com');
    expect(at('support@elm.example', 'joe@else.example')).toBe('joe@else.example');
  });

  test('knows folders of sent mail by their names, and leaves out spam, drafts and what was thrown away', () => {
    expect(folderRole(['Mail', 'Gesendete Objekte'])).toBe('sent');
    expect(folderRole(['Sent.mbox'])).toBe('sent');
    expect(folderRole(['Éléments envoyés', '2025'])).toBe('sent');
    expect(folderRole(['INBOX', 'Trash'])).toBe('left-out');
    expect(folderRole(['Sent', 'Drafts'])).toBe('left-out');
    expect(folderRole(['Repairs'])).toBe('other');
  });

  test('conversations with somebody else than the inbox are counted apart', () => {
    const { inboxes, elsewhere } = lookBack(
      [mail({ id: 'x', from: MARIA, to: ['joe@else.example'], at: START })],
      {
        ours: Ours,
        policy: Policy,
        from: null,
        until: END,
        grace: 0,
      },
    );
    expect(inboxes.every(({ requests }) => requests.length === 0)).toBe(true);
    expect(elsewhere).toEqual({ requests: 1, addresses: ['joe@else.example'] });
  });
});

describe('the sentence that hits', () => {
  const figures = { requests: 40, neverAnswered: 0, waiting: 0, fresh: 0, twice: 0, overTwoDays: 0 };

  test('says how many people never got an answer, and praises where it can', () => {
    expect(hit({ ...figures, neverAnswered: 9, waiting: 9 })).toBe('9 people never got an answer');
    expect(hit({ ...figures, neverAnswered: 1, waiting: 1 })).toBe('1 person never got an answer');
    expect(hit({ ...figures, waiting: 2, fresh: 2 })).toBe('everybody got an answer');
    expect(hit({ ...figures, waiting: 3, fresh: 2 })).toBe('1 person wrote again and waits');
    expect(hit({ ...figures, requests: 0 })).toBe('no request was found');
  });

  test('calls an inbox by what stands before the @, unless another begins alike', () => {
    expect(shortAddress('a@elm.example', ['a@elm.example', 'b@elm.example'])).toBe('a@');
    expect(shortAddress('a@elm.example', ['a@elm.example', 'a@oak.example'])).toBe('a@elm.example');
  });
});
