import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = /\.(js|css|html|svg|json|webmanifest)$/
/** Below this a compressed file saves no packet. */
const sizeMinBytes = 1_024

/** Writes `.br` and `.gz` beside every text file of the build, so that the server never compresses while serving. */
export function precompress(): Plugin {
  return {
    name: 'matchday-precompress',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return
      const files = await readdir(dir, { recursive: true })
      for (const file of files.filter((name) => compressible.test(name))) {
        const path = join(dir, file)
        const content = await readFile(path)
        if (content.length < sizeMinBytes) continue
        const brotli = brotliCompressSync(content, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } })
        await writeFile(`${path}.br`, brotli)
        await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }))
      }
    },
  }
}
