import { defineConfig } from 'vitest/config'

const lab = 'test/**/*.lab.test.ts'

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [lab], sequence: { groupOrder: 0 } },
      },
      {
        // On the hosts of one shared lab, so one file after the other.
        extends: true,
        test: {
          name: 'lab',
          include: [lab],
          fileParallelism: false,
          globalSetup: 'test/lab/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
