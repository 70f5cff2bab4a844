import { expect, test } from 'vitest';
import { frameOf, frameReader } from '../../src/adapters/mime/frames.ts';

const messages = [{ id: 1, raw: Buffer.from([0, 128, 255]) }, { id: 2, text: 'é'.repeat(300) }, 'ready'];

test.each([1, 3, 7, 4_096])(
  'messages that arrive in pieces of %i bytes are heard whole and in order',
  (size) => {
    const bytes = Buffer.concat(messages.map(frameOf));
    const heard: unknown[] = [];
    const take = frameReader((message) => heard.push(message));
    for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
    expect(heard).toStrictEqual(messages);
  },
);

test('whoever announces more than any message has is not waited for', () => {
  const take = frameReader(() => {});
  expect(() => take(Buffer.from([255, 255, 255, 255, 0]))).toThrow('4294967295 bytes');
});
