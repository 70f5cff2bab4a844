/** How each kind of fault is brought about. */
import type { FaultKind } from '../kinds.ts';
import type { Fault } from './fault.ts';
import { imapFaults } from './imap.ts';
import { mailboxFaults } from './mailbox.ts';
import { postgresFaults } from './postgres.ts';
import { redisFaults } from './redis.ts';
import { smtpFaults } from './smtp.ts';
import { workerFaults } from './workers.ts';

export const faults: Readonly<Record<FaultKind, Fault>> = {
  ...workerFaults,
  ...imapFaults,
  ...mailboxFaults,
  ...smtpFaults,
  ...postgresFaults,
  ...redisFaults,
};
