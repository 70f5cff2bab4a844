/** Whether confidence means what it says: of the mails that are called 80 % certain, about 80 % should be right. */
import type { Outcome } from './coverage.ts';

export type Calibration = {
  /** From the least to the most confident; those that no mail falls into are left out. */
  readonly bins: readonly CalibrationBin[];
  /** By how much confidence and truth differ on average, bins weighted by their mails; null: there were no mails. */
  readonly error: number | null;
};

export type CalibrationBin = {
  readonly from: number;
  readonly until: number;
  readonly mails: number;
  /** Its mean, and the share that was right. */
  readonly confidence: number;
  readonly right: number;
};

const BINS = 10;

export function calibrationOf(outcomes: readonly Outcome[]): Calibration {
  const bins = Array.from({ length: BINS }, (_, at) =>
    binOf(
      outcomes.filter(({ confidence }) => binAt(confidence) === at),
      at,
    ),
  ).filter(({ mails }) => mails > 0);
  const apart = bins.reduce(
    (sum, { mails, confidence, right }) => sum + mails * Math.abs(confidence - right),
    0,
  );
  return { bins, error: outcomes.length === 0 ? null : apart / outcomes.length };
}

/** What is certain belongs to the last. */
const binAt = (confidence: number): number => Math.max(0, Math.min(BINS - 1, Math.floor(confidence * BINS)));

function binOf(outcomes: readonly Outcome[], at: number): CalibrationBin {
  const mails = outcomes.length;
  const sum = outcomes.reduce((total, { confidence }) => total + confidence, 0);
  const right = outcomes.filter((outcome) => outcome.right).length;
  return {
    from: at / BINS,
    until: (at + 1) / BINS,
    mails,
    confidence: mails === 0 ? 0 : sum / mails,
    right: mails === 0 ? 0 : right / mails,
  };
}
