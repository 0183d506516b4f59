import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { castsPerThousandLines, sourceRules } from './source-rules.ts'

/** Everything that git would take, so that a new file is looked at before it is committed. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('tidy/fixtures/') && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

describe.each(sourceRules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  it('holds', () => {
    const found = files.flatMap((file) =>
      rule.finds(file).map((what) => `${file.path}: ${what.trim().slice(0, 140)}`),
    )
    expect(found).toEqual([])
  })

  it('bites', () => {
    expect(rule.finds(rule.planted)).not.toEqual([])
  })
})

describe('the sources as a whole', () => {
  it('are many', () => {
    expect(files.length).toBeGreaterThan(100)
  })

  it('are in small files: half of them at most 80 lines, nine in ten at most 250', () => {
    const sizes = files
      .filter(({ path }) => !path.includes('.test.'))
      .map(({ text }) => text.split('\n').length)
      .sort((left, right) => left - right)
    expect(sizes[Math.floor(sizes.length * 0.5)]).toBeLessThanOrEqual(80)
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(250)
  })

  it('hold few casts', () => {
    expect(castsPerThousandLines(files)).toBeLessThan(2)
    const planted = { path: 'packages/x/src/x.ts', text: 'const a = b as Foo\n'.repeat(10) }
    expect(castsPerThousandLines([planted])).toBeGreaterThan(2)
  })
})
