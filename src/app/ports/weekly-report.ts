/** What a weekly report is made of, as the store keeps it. Part of the Store; reads only. */
import type { WeeklyFacts, WeeklyQuestion } from '../../domain/weekly-report/facts.ts';

export interface WeeklyReportStore {
  /** Everything of one moment. */
  readWeeks(question: WeeklyQuestion): Promise<WeeklyFacts>;
}
