/** What the use cases are given. Each takes only the part that it names. */

import type { InboxId, TextId } from '../domain/ids.ts';
import { type Duration, MINUTE, SECOND } from '../domain/instant.ts';

import type { NoticeView, RenderedNotice } from '../domain/notices/view.ts';
import type { Policy } from '../domain/policy.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { MailComposer } from './ports/mail-composer.ts';
import type { MailParser } from './ports/mail-parser.ts';
import type { MailSender } from './ports/mail-sender.ts';
import type { CurrentModel } from './ports/model.ts';
import type { Queue } from './ports/queue.ts';
import type { SenderCheck } from './ports/sender-check.ts';
import type { Store } from './ports/store.ts';

export type Deps = {
  readonly store: Store;
  readonly queue: Queue;
  readonly parser: MailParser;
  readonly senderCheck: SenderCheck;
  readonly composer: MailComposer;
  /** Puts notices into words, as the domain does unless told: words are most of what a simulated year would take. */
  readonly render?: (view: NoticeView) => RenderedNotice;
  readonly senderOf: (inbox: InboxId) => MailSender;
  readonly clock: Clock;
  /** What the team has decided, as it stands now: it may change between two calls. */
  readonly policy: () => Policy;
  /** What was learned, as it stands now. */
  readonly model: CurrentModel;
  /** Key of reply tokens and notice keys. */
  readonly secret: string;
  readonly newTextId: () => TextId;
  readonly limits: Limits;
  readonly log: Log;
};

export type Limits = {
  /** A larger mail is parked with its header alone. */
  readonly messageBytesMax: number;
  /** One batch of the poller: at most so many mails and so many bytes. */
  readonly batchMessagesMax: number;
  readonly batchBytesMax: number;
  /** What failed so often is not tried again but given to a person: reading a mail, carrying out a reply. */
  readonly triesMax: number;
  /** How long a mailer may keep a notice before another may take it: longer than any try to send lasts. */
  readonly sendLease: Duration;
  /** How long a row may wait for its bell before the sweep rings. */
  readonly sweepPatience: Duration;
  /** How long it may wait, rung for or not, before a worker looks at it without a bell. */
  readonly patrolPatience: Duration;
  /** The same while the queue is away and no bell can come; what somebody has begun on is left to them for as long as ever. */
  readonly awayPatience: Duration;
};

export const DEFAULT_LIMITS: Limits = {
  messageBytesMax: 25 * 1024 * 1024,
  batchMessagesMax: 50,
  batchBytesMax: 32 * 1024 * 1024,
  triesMax: 8,
  sendLease: 2 * MINUTE,
  sweepPatience: 15 * SECOND,
  patrolPatience: 30 * SECOND,
  awayPatience: SECOND,
};
