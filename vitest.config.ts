import { defineConfig } from 'vitest/config'

/** What is looked at, and not measured against the clock: two of these may run at once. */
const stories = [
  'e2e/{hostile,crash,races,rules}.test.ts',
  'e2e/access/*.test.ts',
  'e2e/faults/{people-away,poison,history-check}.test.ts',
  'e2e/chaos/faults-page.test.ts',
  'e2e/browser/{people,people-quality,players,administrators,quality,flow-picture,story}.test.ts',
  'e2e/cluster/{cluster,interrupted,script,story}.test.ts',
]

/**
 * Three projects: `unit`, where unit and integration tests lie beside their file; `stories` and `system`, the whole
 * system from outside. `script/test` runs one after the other.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: ['packages/testkit/src/database/global-setup.ts'],
          include: [
            '{packages,services,apps}/*/src/**/*.test.{ts,tsx}',
            'bench/src/**/*.test.ts',
            'tidy/**/*.test.ts',
          ],
          exclude: ['tidy/fixtures/**'],
        },
      },
      { extends: true, test: { name: 'stories', include: stories } },
      {
        extends: true,
        test: { name: 'system', include: ['e2e/**/*.test.ts'], exclude: stories },
      },
    ],
  },
})
