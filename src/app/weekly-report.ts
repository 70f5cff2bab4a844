/** A manager's weekly report, as it stands at an instant. */
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { PlainDate, Policy } from '../domain/policy.ts';
import { isManagerOf } from '../domain/roster.ts';
import { makeReport, type WeeklyReport } from '../domain/weekly-report/report.ts';
import { reportedWeeks } from '../domain/weekly-report/weeks.ts';
import type { Deps } from './deps.ts';

export type WeeklyReportQuestion = {
  readonly policy: Policy;
  readonly member: MemberId;
  /** The week ends with the day before. */
  readonly date: PlainDate;
  readonly at: Instant;
};

export async function weeklyReportOf(
  { store }: Pick<Deps, 'store'>,
  { policy, member, date, at }: WeeklyReportQuestion,
): Promise<WeeklyReport> {
  const inboxes = [...policy.inboxes.keys()].filter((id) => isManagerOf(policy, member, id));
  const timeZone = policy.members.get(member)?.schedule.timeZone ?? 'UTC';
  const question = { inboxes, weeks: reportedWeeks(date, timeZone, at) };
  return makeReport(await store.readWeeks(question), { policy, date, at, question });
}
