/** A manager's weekly report, as it stands at an instant; to be sent, or to be shown. */
import { withAbsences } from '../domain/absences.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RenderedNotice } from '../domain/notices/view.ts';
import type { PlainDate, Policy } from '../domain/policy.ts';
import { isManagerOf, zoneOf } from '../domain/roster.ts';
import { makeReport, type WeeklyReport } from '../domain/weekly-report/report.ts';
import { reportDate, reportedWeeks } from '../domain/weekly-report/weeks.ts';
import type { Deps } from './deps.ts';
import type { WeeklyReportStore } from './ports/weekly-report.ts';
import { previewStandingMail } from './preview-standing-mail.ts';

export type WeeklyReportQuestion = {
  readonly policy: Policy;
  readonly member: MemberId;
  /** The week ends with the day before. */
  readonly date: PlainDate;
  readonly at: Instant;
};

export async function weeklyReportOf(
  { store }: { readonly store: WeeklyReportStore },
  { policy, member, date, at }: WeeklyReportQuestion,
): Promise<WeeklyReport> {
  const inboxes = inboxesOf(policy, member);
  const question = { inboxes, weeks: reportedWeeks(date, zoneOf(policy, member, at) ?? 'UTC', at) };
  return makeReport(await store.readWeeks(question), { policy, date, at, question });
}

export type PreviewedReport = { readonly report: WeeklyReport; readonly mail: RenderedNotice };

/** Of the week that was over last; null: this member decides in no inbox, and gets none. */
export async function previewWeeklyReport(
  deps: Pick<Deps, 'store'>,
  configured: Policy,
  reader: MemberId,
  at: Instant,
): Promise<PreviewedReport | null> {
  const policy = withAbsences(configured, await deps.store.toldAbsences());
  const inbox = policy.inboxes.get(inboxesOf(policy, reader)[0] ?? '');
  if (inbox === undefined) return null;
  const weekday = policy.members.get(reader)?.standingMails.weeklyReport?.weekday ?? MONDAY;
  const date = reportDate(zoneOf(policy, reader, at) ?? inbox.timeZone, weekday, at);
  const report = await weeklyReportOf(deps, { policy, member: reader, date, at });
  const body = { kind: 'weekly-report', ...report } as const;
  return { report, mail: previewStandingMail({ policy, inbox, reader, at, body }) };
}

const MONDAY = 0;

const inboxesOf = (policy: Policy, member: MemberId) =>
  [...policy.inboxes.keys()].filter((id) => isManagerOf(policy, member, id));
