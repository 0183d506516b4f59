import { readFileSync } from 'node:fs'
import { gatewayFigures } from '@matchday/gateway'
import { defineIdentity } from '@matchday/identity'
import { expect, it } from 'vitest'

const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8')
const [, ownCounts = ''] = page.split('## What services count for themselves')
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| `matchday_'))
const [table = ''] = ownCounts.split('## What to watch')

const identity = defineIdentity({
  realm: 'staff',
  registration: 'closed',
  secret: 'a secret of tests, that is long enough',
  publicUrl: () => 'https://cup.example',
})
const rows = [
  ...gatewayFigures({ realmStates: () => [] }),
  // Labels that all services have.
  ...(identity.figures ?? []).map((figure) => ({ ...figure, labels: ['service', ...figure.labels] })),
].map(({ name, type, labels, help }) => {
  const named = labels.map((label) => `\`${label}\``).join(', ')
  return `| \`${name}\` | ${type} | ${named} | ${help} |`
})

it('docs/metrics.md lists what services count for themselves, and no more', () => {
  expect(rowsOf(table)).toEqual(rows)
  expect(rowsOf(table.replace('| gauge |', '| counter |'))).not.toEqual(rows)
})

it('what counts upwards ends in _total', () => {
  for (const row of rows) expect(row.includes('_total`'), row).toBe(row.includes('| counter |'))
})
