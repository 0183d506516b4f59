import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { brokerChannels, brokerDocument, subjectsPage } from './catalogue.ts'
import { rolePermissions } from './permissions.ts'

const docs = join(import.meta.dirname, '../../../../../docs')
const written: Record<string, string> = {
  'subjects.md': subjectsPage(),
  'asyncapi-broker.json': `${JSON.stringify(brokerDocument(), null, 2)}\n`,
}

for (const [name, text] of Object.entries(written)) {
  it(`docs/${name} says what the program does`, async () => {
    const file = join(docs, name)
    if (process.env.UPDATE_FILES !== undefined) await writeFile(file, text)
    expect(await readFile(file, 'utf8')).toBe(text)
  })
}

it('every subject that a role may use, besides the broker’s own, is in the catalogue', () => {
  const kinds = new Set(brokerChannels().map(({ address }) => address.split('.')[0]))
  const plan = { roles: { one: ['one'], two: ['two', 'three'] }, asks: { one: ['three'] } }
  const used = Object.values(rolePermissions(plan)).flatMap(({ publish, subscribe }) => [
    ...publish,
    ...subscribe,
  ])
  const unknown = used.filter((subject) => !subject.startsWith('$JS.') && !kinds.has(subject.split('.')[0]))
  expect(unknown).toEqual([])
  // And the other way round.
  expect([...kinds].filter((kind) => !used.some((subject) => subject.startsWith(`${kind}.`)))).toEqual([])
})

it('no id is left where a name should stand', () => {
  expect(subjectsPage()).not.toMatch(/\b(svc|sid|rol|con)\b/i)
  expect(JSON.stringify(brokerDocument())).not.toMatch(/\b(svc|sid|rol|con)\b/i)
})
