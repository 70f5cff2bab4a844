/** Connections to one server are made a few at once, and nobody who waits holds up another server's. */
import { expect, test } from 'vitest';
import { turns } from '../../src/runtime/turns.ts';

const never = new AbortController().signal;

/** Work that says when it begins, and ends when it is told to. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    },
    end: (name: string) => ends.get(name)?.(),
  };
}

test('so many run at once, and the next begins when one has ended, in the order in which they came', async () => {
  const { begun, work, end } = works();
  const turn = turns(2);
  const all = ['a', 'b', 'c', 'd'].map((name) => turn('server', never, work(name)));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect(await all[1]).toBe('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c']) end(name);
  await Promise.all([all[0], all[2]]);
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('one server that answers nobody does not hold up those of another', async () => {
  const { begun, work } = works();
  const turn = turns(1);
  void turn('silent', never, work('a'));
  void turn('silent', never, work('b'));
  void turn('well', never, work('c'));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'c']);
});

test('who is aborted while waiting never begins, and the place goes to the next', async () => {
  const { begun, work, end } = works();
  const turn = turns(1);
  const first = turn('server', never, work('a'));
  const gone = new AbortController();
  const second = turn('server', gone.signal, work('b'));
  const third = turn('server', never, work('c'));
  gone.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  end('a');
  await first;
  end('c');
  await Promise.resolve();
  expect(begun).toEqual(['a', 'c']);
  end('c');
  expect(await third).toBe('c');
});

test('work that fails gives its place to the next, and the failure to whoever asked', async () => {
  const turn = turns(1);
  const failed = turn('server', never, () => Promise.reject(new Error('refused')));
  const next = turn('server', never, () => Promise.resolve('read'));
  await expect(failed).rejects.toThrow('refused');
  expect(await next).toBe('read');
});
