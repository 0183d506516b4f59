import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { secretForms, secretsIn } from './secrets.ts'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(path) && !/\.(png|webp|gz|woff2?)$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

it('there is no secret in the repository', () => {
  expect(files.length).toBeGreaterThan(500)
  expect(files.flatMap(secretsIn)).toEqual([])
})

it.each(secretForms)('$name would be found, and not told', ({ name, example }) => {
  const found = secretsIn({ path: 'deploy/x.conf', text: `# a setting\n${example}\n` })
  expect(found).toEqual([`deploy/x.conf: ${name}`])
})

it('what tests make up is no secret', () => {
  const text = 'postgres://canary:canary@127.0.0.1/x nats://user:$PASSWORD@broker password: $NATS_PASSWORD'
  expect(secretsIn({ path: 'deploy/x.conf', text })).toEqual([])
})
