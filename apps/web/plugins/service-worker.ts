import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Files of `public/` that the shell needs, too. */
const publicFiles = ['/index.html', '/appearance.js', '/manifest.webmanifest', '/icons/icon.svg']

/** Screens that are of no use without a network; they stay out of the shell that every phone keeps. */
const onlineOnly = /\/(Host|Create|Join|Pass)Screen|\/(CodeForm|QrCode)/

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
      const assets = Object.keys(bundle).filter(
        (name) => name.startsWith('assets/') && !onlineOnly.test(name),
      )
      const files = [...publicFiles, ...assets.map((name) => `/${name}`)].sort()
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
      worker.code = worker.code
        .replace(/['"`]__SHELL_FILES__['"`]/, JSON.stringify(JSON.stringify(files)))
        .replace('__SHELL_VERSION__', version)
    },
  }
}
