import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

const lab = 'test/**/*.lab.test.ts'

export default defineConfig({
  test: {
    globalSetup: 'test/build.ts',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [lab],
          maxWorkers: availableParallelism(),
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Each worker has a lab of its own. Hosts wait more than they work.
        test: {
          name: 'lab',
          include: [lab],
          maxWorkers: 2,
          globalSetup: 'test/lab/global-setup.ts',
          setupFiles: 'test/lab/worker-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
