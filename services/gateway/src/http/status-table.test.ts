import { readFileSync } from 'node:fs'
import { faultCodes, rejectionCodes } from '@matchday/contracts'
import { expect, it } from 'vitest'
import { statusTable } from './status-table.ts'

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
const documented = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$/gm)].map(
  ([, code, status, meaning]) => [code, Number(status), meaning] as const,
)

it('the codes, the table of statuses and docs/errors.md say the same', () => {
  const declared = Object.entries({ ...rejectionCodes, ...faultCodes }).map(
    ([code, meaning]) =>
      [code, Object.entries(statusTable).find(([key]) => key === code)?.[1], meaning] as const,
  )
  expect(documented).toEqual(declared)
  expect(Object.keys(statusTable).sort()).toEqual(declared.map(([code]) => code).sort())
})
