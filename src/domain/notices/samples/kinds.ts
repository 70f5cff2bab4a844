/**
 * A sample of every kind of notice, and of the variants that read differently. The compiler asks for a new kind's
 * entry here; `baton preview`, the check of wordings and the tests then know it by themselves.
 */
import { type FailureReason, FailureReasons, isPermanent } from '../../delivery-failure.ts';
import { DAY } from '../../instant.ts';
import type { NoticeBody, NoticeKind } from '../notice.ts';
import type { NoticeView } from '../view.ts';
import { AbsenceSamples } from './absences.ts';
import { DigestSamples } from './digests.ts';
import { FirstHourSamples } from './first-hour.ts';
import { GoingOnSamples } from './going-on.ts';
import { Guesses } from './learned.ts';
import { LookBackSamples } from './look-back.ts';
import { OutsideSamples } from './outside.ts';
import { ParkedSamples } from './parked.ts';
import { receiptSamples } from './receipts.ts';
import { ACCEPT_BY, Calm, NOW, NoSuchAddress, type ViewOptions, viewOf } from './request.ts';
import { SignInSamples } from './signing-in.ts';
import { WeeklyReportSamples } from './weekly-reports.ts';

export type Sample<K extends NoticeKind = NoticeKind> = ViewOptions & {
  /** Tells it from the others of its kind; the first of a kind needs none. */
  readonly variant?: string;
  readonly body: NoticeBody & { readonly kind: K };
};

export type KindSamples<K extends NoticeKind = NoticeKind> = {
  /** Whom it goes to and what it says, for the list of kinds. */
  readonly about: string;
  readonly samples: readonly Sample<K>[];
};

const sam = { type: 'member', member: 'sam' } as const;
const joe = { type: 'contact', contact: 'joe' } as const;

const Reasons = Object.keys(FailureReasons) as readonly FailureReason[];

const Outcomes = [
  'declined',
  'accepted',
  'lapsed',
  'unreachable',
  'absent',
  'passed-on',
  'member-left',
] as const;
const NotCountedBecause = [
  'other-address',
  'not-authenticated',
  'could-not-be-checked',
  'ambiguous-sender',
] as const;
const WithdrawnBecause = [
  'taken',
  'offered-to-another',
  'done',
  'member-left',
  'reopened',
  'owner-back',
  'owner-acted',
] as const;

const Asked = {
  kind: 'offer',
  acceptBy: ACCEPT_BY,
  accountable: 'leah',
  reason: { code: 'to-team', sentence: Calm.reason },
} as const;

const Bundle = {
  kind: 'bundle',
  notices: ['first', 'second'],
  listed: [{ conversationId: 1042, shown: 2, answered: 0, epoch: 1 }],
} as const;

const Earlier = { id: 1017, done: { at: NOW - 40 * DAY, by: 'sam' }, owner: 'sam' } as const;

export const Samples = {
  ...OutsideSamples,
  offer: {
    about: 'to a member: can you take this?',
    samples: [
      {
        body: Asked,
      },
      ...(['passed-on', 'taken-down'] as const).map((brought) => ({
        variant: brought,
        body: Asked,
        brought,
      })),
      { variant: 'again', body: { ...Asked, reminder: true } },
      { variant: 'learned', body: Asked, learned: 'sure' },
      { variant: 'guessed', body: { ...Asked, choices: Guesses }, to: 'leah', learned: 'unsure' },
      { variant: 'of-several', body: Asked, alsoTo: true },
      { variant: 'unreached', body: Asked, how: 'unreached' },
      { variant: 'follows', body: Asked, follows: { ...Earlier, why: 'long-done' } },
      {
        variant: 'follows-another-subject',
        body: Asked,
        follows: { ...Earlier, why: 'other-subject', done: null },
      },
      ...(['answers-done', 'same-id', 'answered-there'] as const).map((why) => ({
        variant: why,
        body: Asked,
        follows: { ...Earlier, why },
      })),
    ],
  },
  handoff: {
    about: 'to a member: a colleague asks you to take over',
    samples: [
      {
        body: { kind: 'handoff', by: 'priya', acceptBy: ACCEPT_BY, accountable: 'priya', note: 'note' },
        to: 'sam',
        how: 'owned',
      },
      {
        variant: 'with-more-open',
        body: { kind: 'handoff', by: 'priya', acceptBy: ACCEPT_BY, accountable: 'priya', note: 'note' },
        to: 'sam',
        how: 'waiting',
      },
      {
        variant: 'of-a-mail-passed-on',
        body: { kind: 'handoff', by: 'priya', acceptBy: ACCEPT_BY, accountable: 'priya', note: 'note' },
        to: 'sam',
        how: 'owned',
        brought: 'passed-on',
        alsoTo: true,
      },
      {
        variant: 'to-a-stand-in',
        body: { kind: 'handoff', by: null, acceptBy: ACCEPT_BY, accountable: 'priya', note: null },
        to: 'sam',
        how: 'waiting',
      },
      ...(['silent', 'answer-missed'] as const).map((cause) => ({
        variant: `owner-${cause}`,
        body: {
          kind: 'handoff' as const,
          by: null,
          acceptBy: ACCEPT_BY,
          accountable: 'priya',
          note: null,
          silent: { cause, since: NOW - 2 * DAY },
        },
        to: 'sam' as const,
        how: 'waiting' as const,
      })),
      {
        variant: 'to-the-last',
        body: {
          kind: 'handoff',
          by: null,
          acceptBy: null,
          accountable: 'priya',
          note: null,
          silent: { cause: 'silent', since: NOW - 2 * DAY },
          reminder: true,
        },
        to: 'dana',
        how: 'waiting',
      },
    ],
  },
  'handoff-outcome': {
    about: 'to who asked or owns: what came of a handoff',
    samples: Outcomes.map((outcome) => ({
      variant: outcome,
      body: {
        kind: 'handoff-outcome',
        to: 'sam',
        outcome,
        note: outcome === 'declined' ? 'note' : null,
        passedTo: outcome === 'passed-on' ? 'luis' : null,
      },
      how: 'owned',
    })),
  },
  withdrawn: {
    about: 'to a member: no need to answer any more',
    samples: WithdrawnBecause.map((why) => ({
      variant: why,
      body: { kind: 'withdrawn', why, owner: 'priya' },
      to: 'luis',
      how: 'owned',
    })),
  },
  'last-asked': {
    about: 'to the final manager: nobody has taken this',
    samples: [
      { body: { kind: 'last-asked', reminder: false }, to: 'dana', how: 'unaccepted' },
      {
        variant: 'reminder',
        body: { kind: 'last-asked', reminder: true },
        to: 'dana',
        how: 'unaccepted',
      },
    ],
  },
  'moved-up': {
    about: 'to the front desk: nobody took it, the final manager answers for it now',
    samples: [{ body: { kind: 'moved-up', to: 'dana' }, to: 'leah', how: 'unaccepted' }],
  },
  inherited: {
    about: 'to a member: you answer for this now, because somebody left',
    samples: [{ body: { kind: 'inherited', from: 'omar' }, to: 'leah' }],
  },
  'customer-wrote': {
    about: 'to who has it or is asked: the customer wrote again',
    samples: [
      { body: { kind: 'customer-wrote', messageId: 2, reopened: false }, how: 'owned' },
      {
        variant: 'reopened',
        body: { kind: 'customer-wrote', messageId: 2, reopened: true },
        how: 'owned',
      },
      {
        variant: 'to-several',
        body: { kind: 'customer-wrote', messageId: 2, reopened: false },
        how: 'owned',
        alsoTo: true,
      },
      {
        variant: 'asked',
        body: { kind: 'customer-wrote', messageId: 2, reopened: false },
        to: 'dana',
        how: 'unaccepted',
      },
    ],
  },
  'not-counted': {
    about: 'to a member: a mail in your name did not count',
    samples: [
      ...NotCountedBecause.map((why) => ({
        variant: why,
        body: { kind: 'not-counted', messageId: 9, why } as const,
        how: 'owned' as const,
      })),
      {
        variant: 'last-for-a-day',
        body: { kind: 'not-counted', messageId: 9, why: 'not-authenticated', last: true },
        how: 'owned',
      },
    ],
  },
  'taken-over': {
    about: 'to the owner: a manager has taken it over',
    samples: [{ body: { kind: 'taken-over', by: 'dana' }, how: 'owned' }],
  },
  'done-by-other': {
    about: 'to the owner: somebody finished it',
    samples: [{ body: { kind: 'done-by-other', by: 'dana', note: 'note' }, how: 'done' }],
  },
  noted: {
    about: 'to the owner: a colleague left a note',
    samples: [{ body: { kind: 'noted', by: 'sam', note: 'note' }, how: 'owned' }],
  },
  undeliverable: {
    about: 'to who answers for it: a mail of ours did not arrive',
    samples: [
      {
        body: {
          kind: 'undeliverable',
          recipient: { type: 'customer' },
          lost: 'customer-reply',
          why: 'bounce',
          failure: null,
        },
        how: 'owned',
      },
      ...Reasons.map((reason) => ({
        variant: `customer-${reason}`,
        body: {
          kind: 'undeliverable',
          recipient: { type: 'customer' },
          lost: 'acknowledgement',
          why: 'bounce',
          failure: { reason, status: null, permanent: isPermanent(reason) },
        } as const,
        how: isPermanent(reason) ? ('unreached' as const) : ('asked' as const),
      })),
      ...(['bounce', 'auto-reply', 'refused', 'absent'] as const).map((why) => ({
        variant: why,
        body: {
          kind: 'undeliverable',
          recipient: sam,
          lost: 'handoff',
          why,
          failure: why === 'bounce' ? NoSuchAddress : null,
        } as const,
        how: 'owned' as const,
      })),
      {
        variant: 'help-asked',
        body: {
          kind: 'undeliverable',
          recipient: sam,
          lost: 'help-asked',
          why: 'bounce',
          failure: NoSuchAddress,
        },
        how: 'owned',
      },
      ...(['outside-help', 'customer-reply'] as const).map((lost) => ({
        variant: `${lost}-to-somebody-outside`,
        body: {
          kind: 'undeliverable',
          recipient: joe,
          lost,
          why: 'bounce',
          failure: NoSuchAddress,
        } as const,
        how: 'owned' as const,
      })),
    ],
  },
  ...GoingOnSamples,
  ...AbsenceSamples,
  ...SignInSamples,
  ...FirstHourSamples,
  ...DigestSamples,
  ...WeeklyReportSamples,
  receipt: {
    about: 'to a member: what became of what they wrote',
    samples: receiptSamples(),
  },
  'member-unreached': {
    about: 'to a manager, once a day: mail to a member comes back',
    samples: [{ body: { kind: 'member-unreached', member: 'priya', failure: NoSuchAddress }, to: 'dana' }],
  },
  ...ParkedSamples,
  ...LookBackSamples,
  bundle: {
    about: 'to a member: several mails in one, when they come too fast to be read one by one',
    samples: [{ body: Bundle }, { variant: 'guessed', body: Bundle, learned: 'unsure' }],
  },
  'morning-list': {
    about: 'to a member who wants it: what waits for them, in the morning',
    samples: [
      {
        body: {
          kind: 'morning-list',
          listed: [{ conversationId: 1042, shown: 2, answered: 0, epoch: 1 }],
        },
        how: 'waiting',
      },
    ],
  },
  'member-left': {
    about: 'to the managers: somebody left the team',
    samples: [
      {
        body: {
          kind: 'member-left',
          member: 'omar',
          withdrawn: [1042],
          moved: [1017, 1055],
          listed: [1042, 1017, 1055].map((conversationId) => ({
            conversationId,
            shown: 2,
            answered: 0,
            epoch: 1,
          })),
        },
        to: 'dana',
      },
    ],
  },
} as const satisfies { readonly [K in NoticeKind]: KindSamples<K> };

export const Kinds = Object.keys(Samples) as readonly NoticeKind[];

export const samplesOf = (kind: NoticeKind): KindSamples => Samples[kind];

/** What a sample is called: its kind, and its variant where it has one. */
export const sampleName = ({ body, variant }: Sample): string =>
  variant === undefined ? body.kind : `${body.kind} ${variant}`;

/** The first of a kind, or the variant; null when there is none of that name. */
export function findSample(kind: NoticeKind, variant: string | null): Sample | null {
  const { samples } = samplesOf(kind);
  return (variant === null ? samples[0] : samples.find((sample) => sample.variant === variant)) ?? null;
}

/** The sample with other words or another office than its own. */
export function viewOfSample({ body, variant: _, ...own }: Sample, options: ViewOptions = {}): NoticeView {
  const { spoken = Calm } = options;
  const said =
    body.kind === 'offer' ? { ...body, reason: { ...body.reason, sentence: spoken.reason } } : body;
  return viewOf(said, { ...own, ...options });
}
