import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isShipped, securityRules } from './security-rules.ts'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.tsx?$/.test(path) && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  .filter(isShipped)

it.each(securityRules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  const found = files.flatMap((file) =>
    rule.finds(file).map((what) => `${file.path}: ${what.trim().slice(0, 140)}`),
  )
  expect(found).toEqual([])
  // And it would be found.
  expect(isShipped(rule.planted)).toBe(true)
  expect(rule.finds(rule.planted)).not.toEqual([])
})

it('all that ships is looked at', () => {
  expect(files.length).toBeGreaterThan(400)
})
