/** What a report said of a mail of ours that a server had taken. */

import type { NoticeId } from '../../domain/ids.ts';
import type { DeliveryFailure } from '../../domain/lost-mail.ts';

/** In the order of weight: a later report counts when it says more than the one before. */
export const ReportedAs = ['delayed', 'delivered', 'failed'] as const;

export type NoticeReturn = {
  readonly id: NoticeId;
  readonly as: (typeof ReportedAs)[number];
  /** Why it failed; null when it did not. */
  readonly failure: DeliveryFailure | null;
};
