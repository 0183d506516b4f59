import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { leanCentrifuge } from './plugins/lean-centrifuge.ts'
import { precompress } from './plugins/precompress.ts'
import { shellList } from './plugins/service-worker.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The server that `vite dev` forwards to; start it with `./script/start`. */
const server = 'http://127.0.0.1:3000'

/**
 * Two chunks instead of a dozen small ones: each file costs a phone in a crowded hall a request, and its headers
 * more bytes than some of the files have.
 */
const sharedChunk = {
  name: 'shared',
  test: anyOf(
    /node_modules\/(@?preact|preact-iso)\b/,
    /contracts\/src\/(tournament-routes|names|ids)\./,
    /web\/src\/(api|device)\//,
    /web\/src\/i18n\/(format|language)/,
    /web\/src\/components\/(?!QrCode|CodeTiles|Crest|crest|team-look)/,
  ),
}
const tournamentChunk = {
  name: 'tournament',
  test: anyOf(
    /web\/src\/live\/(?!live-connection)/,
    /web\/src\/reveal\//,
    /web\/src\/components\/(Crest|crest|team-look)/,
    /competition\/src\/draw\/feasibility/,
  ),
  minShareCount: 2,
}

/** What every screen with an account needs: how to call as somebody, … */
const sessionChunk = {
  name: 'session',
  test: anyOf(
    /web\/src\/session\//,
    /web\/src\/people\/commands/,
    /web\/src\/i18n\/(people|office|seats|events|admin)\.ts/,
    /contracts\/src\/(people-routes|organization-routes)\./,
  ),
}
/** … and the forms, lists and ways in that they share. */
const peopleChunk = {
  name: 'people',
  test: anyOf(/web\/src\/people\//, /web\/src\/screens\/account\//, /contracts\/src\/(credentials|roles)\./),
}
const officeChunk = { name: 'office', test: /web\/src\/screens\/office\// }

function anyOf(...patterns: RegExp[]) {
  return (id: string) => patterns.some((pattern) => pattern.test(id))
}

export default defineConfig({
  root: here('.'),
  plugins: [leanCentrifuge(), shellList(), precompress()],
  server: { proxy: { '/api': { target: server, ws: true } } },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no inline script and images only as files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: here('index.html'), sw: here('src/service-worker.ts') },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        codeSplitting: { groups: [sharedChunk, tournamentChunk, sessionChunk, peopleChunk, officeChunk] },
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
})
