/** A receipt for every command that was carried out, and for every way in which one is refused. */
import { type Verb, Verbs } from '../../command-spellings.ts';
import type { Rejection, RejectionCode } from '../../rejections.ts';
import type { CommandResult, NoticeBody } from '../notice.ts';
import type { Sample } from './kinds.ts';
import { ACCEPT_BY, NOW } from './request.ts';

type Receipt = NoticeBody & { readonly kind: 'receipt' };

const Refusals: { readonly [C in RejectionCode]: Rejection & { readonly code: C } } = {
  'owned-by-other': { code: 'owned-by-other', owner: 'luis' },
  'already-yours': { code: 'already-yours' },
  'not-asked': { code: 'not-asked' },
  'last-person': { code: 'last-person' },
  finished: { code: 'finished' },
  'not-finished': { code: 'not-finished' },
  'unknown-name': { code: 'unknown-name', closest: ['sam', 'priya'] },
  'several-names': { code: 'several-names', members: ['sam', 'dana'] },
  'inactive-member': { code: 'inactive-member', member: 'omar' },
  'absent-member': { code: 'absent-member', member: 'sam', until: NOW + 3 * 86_400_000_000, backup: 'luis' },
  'handoff-to-self': { code: 'handoff-to-self' },
  'handoff-to-author': { code: 'handoff-to-author', member: 'sam' },
  'already-asked': { code: 'already-asked', member: 'sam' },
  'already-theirs': { code: 'already-theirs', member: 'sam' },
  'newer-message': { code: 'newer-message', messageId: 2 },
  'no-text': { code: 'no-text' },
  'not-understood': { code: 'not-understood', suggestion: 'accept' },
  expired: { code: 'expired' },
};

export const RefusalCodes = Object.keys(Refusals) as readonly RejectionCode[];

export function receiptOf(results: readonly CommandResult[], changes: Partial<Receipt> = {}): Receipt {
  const after = { phase: 'owned', owner: 'priya', accountable: 'priya' } as const;
  return { kind: 'receipt', results, kept: null, after, ...changes };
}

export function doneOf(verb: Verb): CommandResult {
  const to = verb === 'handoff' ? 'sam' : null;
  const text = ['note', 'reply', 'done', 'decline', 'handoff'].includes(verb) ? 'note' : null;
  return {
    ok: true,
    verb,
    to,
    acceptBy: to === null ? null : ACCEPT_BY,
    text,
    filesNotSent: verb === 'reply' ? 2 : 0,
  };
}

export const refusedOf = (code: RejectionCode, verb: Verb | null = 'accept'): CommandResult => ({
  ok: false,
  verb,
  rejection: Refusals[code],
});

/** The first is the one that is shown when none is named. */
export function receiptSamples(): readonly Sample<'receipt'>[] {
  const sample = (variant: string, body: Receipt): Sample<'receipt'> => ({ variant, body, how: 'owned' });
  return [
    ...Verbs.map((verb) => sample(verb, receiptOf([doneOf(verb)]))),
    sample('accept-with-text', receiptOf([doneOf('accept')], { kept: 'note' })),
    ...RefusalCodes.flatMap((code) => [
      sample(code, receiptOf([refusedOf(code, code === 'not-understood' ? null : 'accept')])),
      sample(
        `${code}-with-text`,
        receiptOf([refusedOf(code, code === 'not-understood' ? null : 'reply')], { kept: 'note' }),
      ),
    ]),
  ];
}
