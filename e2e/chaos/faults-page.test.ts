import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { faults } from './faults.ts'

const place = new URL('../../docs/faults.md', import.meta.url)
const page = readFileSync(place, 'utf8').replace(/\s+/g, ' ')

it('docs/faults.md names the faults of script/chaos, and no other', () => {
  const [, listed = ''] = page.match(/Its faults: (.*?)\. /) ?? []
  expect(listed.split(' · ').toSorted()).toEqual(faults.map(({ name }) => name).toSorted())
})

it('docs/faults.md points at tests that are there', () => {
  const links = [...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, link = '']) => link)
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((link) => !existsSync(new URL(link, place)))).toEqual([])
})
