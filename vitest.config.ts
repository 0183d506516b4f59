import { defineConfig } from 'vitest/config'

/**
 * Two projects: `unit`, where unit and integration tests lie beside their file, and `system`, the whole system from
 * outside. `script/test` runs one after the other.
 */
export default defineConfig({
  test: {
    globalSetup: ['packages/testkit/src/database/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{packages,services,apps}/*/src/**/*.test.{ts,tsx}',
            'bench/src/**/*.test.ts',
            'tidy/**/*.test.ts',
          ],
          exclude: ['tidy/fixtures/**'],
        },
      },
      { extends: true, test: { name: 'system', include: ['e2e/**/*.test.ts'] } },
    ],
  },
})
