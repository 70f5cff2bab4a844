/** What the playground shows besides mails: what answers a mail, what happened, what to try, and where a browser opens. */
import { describe, expect, test } from 'vitest';
import { htmlInProcess } from '../../src/adapters/mime/mail-html.ts';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import type { Playground, Progress } from '../../src/adapters/web/playground/context.ts';
import { guide, nextStep } from '../../src/adapters/web/playground/guide.ts';
import { openBrowser } from '../../src/cli/open-browser.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { START } from '../../src/runtime/demo/day.ts';
import { letterBytes } from '../../src/runtime/demo/letter.ts';
import { keepDeeds } from '../../src/runtime/demo/playground/deeds.ts';
import { likelyAnswers } from '../../src/runtime/demo/playground/likely-answers.ts';
import { openPostbox } from '../../src/runtime/demo/playground/postbox.ts';
import { writtenIn } from '../../src/runtime/demo/playground/write-in-name.ts';
import type { Received } from '../../src/runtime/demo/world.ts';
import { testPolicy } from '../support/policy.ts';

const policy = testPolicy();
const [priya, sam] = ['priya', 'sam'].map((id) => policy.members.get(id));

async function received(to: string, text: string, kind: string | null = 'offer'): Promise<Received> {
  const from = 'Elm <maintenance@elm.example>';
  const raw = letterBytes({ key: 'k', from, to, subject: '#1 Leak, Maria', text }, START);
  return { at: START, to, from: 'maintenance@elm.example', raw, mail: await parseInProcess(raw), kind };
}

describe('what answers a mail', () => {
  const answersTo = async (text: string, kind = 'offer') =>
    likelyAnswers(policy, await received(priya?.addresses[0] ?? '', text, kind));

  test('is read off the quotation marks of the mail itself, and filled in where it asks for more', async () => {
    const text =
      'Reply "accept" (or "yes") or "decline" by 10:40.\nSomeone else\'s? Reply "handoff\u00a0to" and a name. Answer "help" to see all.';
    const answers = await answersTo(text);
    expect(answers.slice(0, 3)).toEqual(['accept', 'yes', 'decline']);
    expect(answers[3]).toMatch(/^handoff to [A-Z]\w+$/);
    expect(answers).toHaveLength(4);
  });

  test('is never what a customer wrote, nor words in quotation marks that order nothing', async () => {
    expect(await answersTo('│ please "accept" it\n> "decline"\nthe subject has "leak"')).toEqual([]);
  });

  test('may be a name where the mail lists names, and nowhere else', async () => {
    const first = sam?.name.split(' ')[0] ?? '';
    expect(await answersTo(`Reply "${first}" or "accept".`, 'last-asked')).toEqual([first, 'accept']);
    expect(await answersTo(`Reply "${first}" or "accept".`)).toEqual(['accept']);
  });
});

describe('a mailbox', () => {
  test('has what came and what was sent, the latest first, and knows what was read', async () => {
    const to = 'maria@mail.example';
    const [first, second] = [
      await received(to, 'one'),
      { ...(await received(to, 'two')), at: START + MINUTE },
    ];
    const raw = letterBytes(
      { key: 's', from: `Maria <${to}>`, to: 'office@elm.example', subject: 'Hi', text: 'x' },
      START,
    );
    const post = openPostbox(
      { received: [first, second], sent: [{ at: START + 2 * MINUTE, from: to, raw }] },
      1,
    );
    await post.look();
    await post.look();
    expect(post.mailsOf(to).map(({ direction, id, isRead }) => [direction, id, isRead])).toEqual([
      ['out', -1, true],
      ['in', 1, false],
      ['in', 0, true],
    ]);
    post.markRead('somebody@else.example', 1);
    expect(post.unread(to)).toBe(1);
    post.markRead(to, 1);
    expect(post.unread(to)).toBe(0);
    expect(post.received('somebody@else.example', 0)).toBeNull();
  });

  test('answers as mail programs do: to where the mail says, under its subject, with the mail quoted below', async () => {
    const one = await received('maria@mail.example', 'We have your message.\nA person will answer.');
    const person = {
      id: 'maria',
      name: 'Maria Lopez',
      address: 'maria@mail.example',
      member: null,
      about: 'tenant',
    };
    const delivery = writtenIn(
      person,
      { type: 'answer', to: 0, text: 'Thanks\n' },
      { received: () => one },
      START,
    );
    expect(delivery).toMatchObject({ by: 'smtp', from: 'maria@mail.example', to: 'maintenance@elm.example' });
    const mail = await parseInProcess(delivery.raw);
    expect(mail.subject).toBe('Re: #1 Leak, Maria');
    expect(mail.inReplyTo).toEqual([one.mail.messageId]);
    expect(mail.reply.text.trim()).toBe('Thanks');
    expect(mail.text).toContain('> A person will answer.');
  });
});

test('the HTML of a mail is shown as it stands in it, and of a mail without one there is none', async () => {
  const letter = { key: 'k', from: 'A <a@x.example>', to: 'b@x.example', subject: 's', text: 'plain' };
  const html = '<p>gr\u00fcn <b>"bold"</b></p>';
  expect(await htmlInProcess(letterBytes({ ...letter, html }, START))).toContain(html);
  expect(await htmlInProcess(letterBytes(letter, START))).toBeNull();
});

test('what happened is told with its request, to whoever listens, until the next deed', () => {
  const deeds = keepDeeds();
  let heard = 0;
  const stop = deeds.onChange(() => {
    heard += 1;
  });
  deeds.add([], 0);
  expect(heard).toBe(0);
  deeds.begin('You wrote', false, START);
  deeds.add([{ at: START, text: '#12 Leak: Priya is asked' }], 1);
  deeds.add([{ at: START, text: 'bulk set aside' }], 1);
  deeds.add([], 1);
  deeds.end();
  expect(heard).toBe(4);
  expect(deeds.latest()).toMatchObject({
    what: 'You wrote',
    isRunning: false,
    happened: [
      { at: START, text: 'Leak: Priya is asked', request: 12 },
      { at: START, text: 'bulk set aside', request: null },
    ],
  });
  stop();
  deeds.begin('You skipped 1 hour', true, START);
  expect(heard).toBe(4);
  expect(deeds.latest()?.happened).toEqual([]);
});

describe('the guide', () => {
  const nothing: Progress = { wrote: false, asked: null, answered: false, skipped: false, digest: null };
  const shownFor = (progress: Partial<Progress>) => {
    const playground = { progress: () => ({ ...nothing, ...progress }) } as unknown as Playground;
    return {
      states: [...guide(playground).html.matchAll(/<li class="is-(\w+)"/g)].map(([, state]) => state),
      next: nextStep(playground).html,
    };
  };
  const asked = { person: 'sam', name: 'Sam Okafor', mail: 7 };
  const digest = { person: 'dana', name: 'Dana Wolfe', mail: 9, isRead: false };

  test('ticks each step off as it is done, in whichever order, and leads to the next', () => {
    expect(shownFor({})).toMatchObject({ states: ['next', 'later', 'later'] });
    const second = shownFor({ wrote: true, asked });
    expect(second.states).toEqual(['done', 'next', 'later']);
    expect(second.next).toBe('Next: <a href="/playground/sam/mails/7">Answer as Sam Okafor: “accept”</a>');
    expect(shownFor({ skipped: true }).states).toEqual(['next', 'later', 'done']);
  });

  test('ends with the digest, once there is one and it was read', () => {
    const all = { wrote: true, asked, answered: true, skipped: true };
    expect(shownFor(all).states).toEqual(['done', 'done', 'done', 'next']);
    expect(shownFor({ ...all, digest }).next).toContain('/playground/dana/mails/9');
    expect(shownFor({ ...all, digest: { ...digest, isRead: true } })).toEqual({ states: [], next: '' });
  });
});

test('a browser is opened only for somebody at a terminal, and where none can be, nothing is said', () => {
  const at = (isTTY: boolean, env: NodeJS.ProcessEnv) => ({
    stderr: { isTTY } as typeof process.stderr,
    env,
  });
  const opened: string[] = [];
  const open = (_program: string, words: readonly string[]) => void opened.push(words.at(-1) ?? '');
  openBrowser('http://localhost:1/', { ...at(false, {}), open });
  openBrowser('http://localhost:2/', { ...at(true, { CI: 'true' }), open });
  openBrowser('http://localhost:3/', { ...at(true, {}), open });
  expect(opened).toEqual(['http://localhost:3/']);
});
