/** What mails about a mail that could not be read tell. */
import type { MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Decision } from '../parked/parked.ts';

export type ParkedTold = {
  readonly messageId: MessageId;
  /** A sentence of ours, such as `it has 60 MB; only its header was taken in`. */
  readonly why: string;
  /** When it was set aside for the first time. */
  readonly since: Instant;
  /** Why its reader is asked now; `told`: a teammate, `from`, has them know of it. */
  readonly asked: 'new' | 'again' | 'silent' | 'not-reached' | 'away' | 'left' | 'told' | 'reminder';
  /** Who answered for it before. */
  readonly from: MemberId | null;
  readonly accountable: MemberId;
  /** How often it could not be read, and the code of why. */
  readonly times: number;
  readonly code: string;
  /** When the next person is asked as well; null: there is none after its reader. */
  readonly due: Instant | null;
};

export type ParkedNewsTold = {
  readonly messageId: MessageId;
  readonly accountable: MemberId;
  readonly news:
    | {
        readonly type: 'decided';
        readonly how: Decision;
        readonly by: MemberId;
        readonly where: 'by-mail' | 'on-the-board' | 'at-the-server';
      }
    | { readonly type: 'moved-up'; readonly to: MemberId }
    | { readonly type: 'not-reached'; readonly member: MemberId }
    | { readonly type: 'not-carried-out' };
};
