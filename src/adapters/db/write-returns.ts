/** How what reports say of our mails becomes columns of the outbox. */
import { type NoticeReturn, ReportedAs } from '../../app/ports/returned.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import type { Part } from './joined.ts';

export function returnPart(returns: readonly NoticeReturn[], now: Instant): Part {
  const rows = returns.map(({ id, as, failure }) => ({
    id,
    returned_at: toIso(now),
    returned_as: as,
    permanent: failure?.permanent ?? null,
    status: failure?.status ?? null,
    reason: failure?.reason ?? null,
  }));
  return { name: 'returns', rows, ids: returns.map(({ id }) => id), text: UPDATE_RETURNED };
}

const weight = (column: string): string =>
  `coalesce(array_position(ARRAY[${ReportedAs.map((as) => `'${as}'`).join(', ')}], ${column}), 0)`;

/** A report that says no more than an earlier one changes nothing: the first failure is the one that was acted on. */
const UPDATE_RETURNED: Part['text'] = (rows, ids) => `
  UPDATE outbox SET returned_at = row.returned_at, returned_as = row.returned_as, returned_permanent = row.permanent,
    returned_status = row.status, returned_reason = row.reason
  FROM ${rows} AS row (id bigint, returned_at timestamptz, returned_as text, permanent boolean, status text, reason text)
  WHERE outbox.id = row.id AND outbox.id = ${ids} AND ${weight('row.returned_as')} > ${weight('outbox.returned_as')}
  RETURNING 1`;
