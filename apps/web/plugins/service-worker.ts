import { createHash } from 'node:crypto'
import type { Plugin, Rolldown } from 'vite'

/** Files of `public/` that the shell needs, too. */
const publicFiles = ['/index.html', '/appearance.js', '/manifest.webmanifest', '/icons/icon.svg']

/** What opens without a network: a player's screen, and the check. All other screens are of no use then. */
const offlineChunks = ['index', 'PlayerScreen', 'CheckScreen', 'live-connection', 'en', 'de'] as const

/**
 * Tells the service worker which files make up the app shell. The list stands inside `sw.js`, so that a new build is
 * a new worker and the browser fetches the new shell.
 */
export function shellList(): Plugin {
  return {
    name: 'matchday-shell-list',
    apply: 'build',
    generateBundle(_, bundle) {
      const worker = bundle['sw.js']
      if (worker?.type !== 'chunk') throw new Error('the service worker is missing from the build')
      const assets = [...new Set(offlineChunks.flatMap((name) => withAllItNeeds(bundle, name)))]
      const files = [...publicFiles, ...assets.map((name) => `/${name}`)].sort()
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
      worker.code = worker.code
        .replace(/['"`]__SHELL_FILES__['"`]/, JSON.stringify(JSON.stringify(files)))
        .replace('__SHELL_VERSION__', version)
    },
  }
}

/** The files of a chunk, and of everything that it imports at once, styles included. */
function withAllItNeeds(bundle: Rolldown.OutputBundle, name: string): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const first = chunks.find((chunk) => chunk.name === name)
  if (!first) throw new Error(`the build has no chunk ${name}, which must open without a network`)
  const needed = new Set([first])
  for (const chunk of needed) {
    for (const imported of chunks) if (chunk.imports.includes(imported.fileName)) needed.add(imported)
  }
  return [...needed].flatMap((chunk) => [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])])
}
