import { defineConfig } from 'vitest/config'

/** Unit and integration tests lie beside their file as `*.test.ts`; `e2e` and `tidy` are folders of their own. */
export default defineConfig({
  test: {
    include: ['{packages,services,apps}/*/src/**/*.test.{ts,tsx}', 'tidy/**/*.test.ts', 'e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'tidy/fixtures/**'],
    globalSetup: ['packages/testkit/src/database/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
