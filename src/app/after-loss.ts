/**
 * A mail about no request has nothing else that watches over it. When it reaches nobody, what it waited for goes on
 * here: a parked message is put to the next person, and who cannot be asked to stand in has not agreed to. Whoever can
 * mend an address that is dead hears of it.
 */
import { answerCover } from '../domain/absences.ts';
import type { DeliveryFailure } from '../domain/lost-mail.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import { coverAnswered } from './absence-notices.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { passOnParked } from './pass-on-parked.ts';
import type { Change, Transaction } from './ports/store.ts';
import { memberUnreached } from './returned-mail.ts';

export const isWaitedFor = ({ body }: StoredNotice): boolean =>
  body.kind === 'parked' || body.kind === 'cover-asked';

/** What has to be written for it; `failure` is what the report, or our own server, says. */
export async function afterLoss(
  deps: Pick<Deps, 'policy' | 'secret'>,
  tx: Transaction,
  lost: StoredNotice,
  failure: DeliveryFailure | null,
): Promise<Required<Pick<Change, 'absences' | 'notices'>>> {
  const now = await tx.now();
  const { body, recipient, inboxId, id } = lost;
  const policy = await currentPolicy(deps, tx);
  const unreached = memberUnreached(policy, inboxId, recipient, failure, now);
  if (body.kind !== 'cover-asked' || recipient.type !== 'member') {
    const next = passOnParked(policy, lost, now);
    return { absences: [], notices: noticesOf(deps, [...unreached, ...(next === null ? [] : [next])], now) };
  }
  const absence = (await tx.lockAbsences()).find((one) => one.id === body.absence);
  // Whoever has said yes meanwhile has read it somewhere.
  const declined = absence?.cover?.answer === 'asked' ? answerCover(absence, recipient.member, false) : null;
  if (declined === null) return { absences: [], notices: noticesOf(deps, unreached, now) };
  const drafts = coverAnswered({ inboxId, key: `lost:${id}` }, recipient.member, declined);
  return { absences: [declined], notices: noticesOf(deps, [...unreached, ...drafts], now) };
}
