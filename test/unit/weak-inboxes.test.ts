import { expect, test } from 'vitest';
import { weakInboxes } from '../../src/cli/weak-inboxes.ts';
import { testPolicy } from '../support/policy.ts';

test('an inbox that asks for no proof of senders is named at each start, and no other', () => {
  const strict = { authentication: { mode: 'own-check', trustedHosts: [] } } as const;
  const some = weakInboxes(testPolicy({ inboxes: { billing: strict } }));
  expect(some).toHaveLength(1);
  expect(some[0]).toMatch(/^WARNING: maintenance@elm\.example asks for no proof .*token-and-sender-only/);
  expect(weakInboxes(testPolicy({ inboxes: { billing: strict, maintenance: strict } }))).toEqual([]);
});
