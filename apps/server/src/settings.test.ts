import { readFile } from 'node:fs/promises'
import { environmentName } from '@matchday/kernel'
import { expect, it } from 'vitest'
import { roles } from './roles.ts'
import { settings } from './settings.ts'

const operations = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
const documented = new Set(operations.match(/MATCHDAY_[A-Z_]*[A-Z]/g))

it('docs/operations.md lists every setting, and no other', () => {
  expect([...documented].sort()).toEqual(Object.values(settings).map(environmentName).sort())
})

it('docs/operations.md lists every role', () => {
  const listed = [...operations.matchAll(/^\| `(\w+)` \| broker/gm)].map((match) => match[1])
  expect(listed).toEqual(Object.keys(roles))
})
