/**
 * The order of test files: those that run real processes come first, since one of them begun last would have the
 * others wait for it. On a fresh clone nothing is known of how long a file takes, and theirs are short.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const SLOW = /\/test\/(stack|bench|contract|crash)\//;

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
