/** Why something is stuck, and for how long, in a few words for a list. */

import type { Why } from '../../../../domain/digest/attention.ts';
import { DAY, type Instant } from '../../../../domain/instant.ts';
import { lateness } from '../../../../domain/notices/durations.ts';

export type Stuck = { readonly why: Why; readonly since: Instant };

/** `customer`: what the inbox calls whoever writes. */
export function troubleWords({ why, since }: Stuck, now: Instant, customer: string): string {
  const long = lateness(now - since);
  switch (why) {
    case 'nobody-took':
      return `Nobody has taken it for ${long}`;
    case 'not-taken':
      return `Has waited ${long} to be taken`;
    case 'answer-late':
      return `The answer is ${long} late`;
    case 'unreached':
      return `Our mail to the ${customer} has come back for ${long}`;
    case 'held':
      return `An answer has waited ${long} to be sent`;
    case 'overdue':
      return `Was to be finished ${long} ago`;
    case 'silent':
      return `Silent for ${long}`;
    case 'handoff-open':
      return `A handoff has been open for ${long}`;
    case 'laid-aside':
      return 'Laid aside again and again';
    case 'member-unreached':
      return `Our mail to a teammate has come back for ${long}`;
    case 'parked':
      return `Has waited ${long} for a look`;
    default:
      return why satisfies never;
  }
}

/** Nobody has it, or a promise was broken for long: not only late. */
export const isBad = ({ why, since }: Stuck, now: Instant): boolean =>
  why === 'nobody-took' || why === 'unreached' || (why === 'answer-late' && now - since >= DAY);
