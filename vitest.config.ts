import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/stack/install.ts', 'test/support/embedded-database.ts'],
    pool: 'forks',
    // One more than the cores of a small machine: a third of what runs waits for clocks and for other processes.
    maxWorkers: 3,
    // No test replaces a module or leaves anything behind, and loading every module anew took 0.7 s for each file.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Hundreds of commands and workers are started as processes, and half of each start is Node reading the same sources.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/baton-tests') },
  },
});
