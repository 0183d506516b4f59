import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  directDependencies,
  type Lock,
  type LockedPackage,
  shippedPackages,
  tooOld,
  unpinned,
  wrongLicences,
} from './supply-chain.ts'

const lock = (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Lock }).packages
const shipped = shippedPackages(lock)
const [one = ''] = shipped.keys()
const changed = (changes: LockedPackage): Lock => ({ ...lock, [one]: { ...lock[one], ...changes } })

describe('what ships of others', () => {
  it('is of licences that let anybody use, change and pass it on', () => {
    expect(shipped.size).toBeGreaterThan(100)
    expect(wrongLicences(shipped)).toEqual([])
    for (const license of ['GPL-3.0-only', 'MPL-2.0', 'SEE LICENSE IN LICENSE', 'UNLICENSED', undefined]) {
      expect(wrongLicences(shippedPackages(changed({ license } as LockedPackage))), license).toHaveLength(1)
    }
  })

  it('is asked for by at most forty names, each with its reason', () => {
    const direct = directDependencies(lock)
    expect(direct.length).toBeLessThanOrEqual(40)
    expect(direct).toContain('fastify')
    const reasons = readFileSync('docs/adr/0009-dependencies.md', 'utf8')
    const isNamed = (name: string) =>
      reasons.includes(`\`${name}\``) || reasons.includes(`\`${name.split('/')[0]}/*\``)
    expect(direct.filter((name) => !isNamed(name))).toEqual([])
    expect(isNamed('left-pad')).toBe(false)
  })

  it('is pinned byte by byte', () => {
    expect(unpinned(lock)).toEqual([])
    for (const integrity of [undefined, 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=', 'sha512-short']) {
      expect(unpinned(changed({ integrity } as LockedPackage)), integrity).toEqual([one])
    }
  })

  it('is of versions without faults that are known to matter here', () => {
    expect(tooOld(lock)).toEqual([])
    const old = { ...lock, 'node_modules/ws': { version: '8.9.0' } }
    expect(tooOld(old)).toEqual(['node_modules/ws: 8.9.0'])
  })
})

it('versions are exact, so that nothing comes in by itself', () => {
  const manifests = execFileSync('git', ['ls-files', '*package.json'], { encoding: 'utf8' })
    .trim()
    .split('\n')
  const ranges = (text: string) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text) as LockedPackage
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name} ${version}`)
  }
  const ours = manifests.filter(
    (path) => !path.startsWith('bench/peers/') && !path.startsWith('tidy/fixtures/'),
  )
  expect(ours.length).toBeGreaterThan(10)
  expect(
    ours.flatMap((path) => ranges(readFileSync(path, 'utf8')).map((range) => `${path}: ${range}`)),
  ).toEqual([])
  expect(ranges('{"dependencies":{"a":"^1.0.0","b":"latest","c":"1.0.0"}}')).toEqual(['a ^1.0.0', 'b latest'])
})

it('no package runs a program of its own when it is installed, and only what is locked is installed', () => {
  expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('ignore-scripts=true')
  const installs = readFileSync('script/prepare', 'utf8').match(/npm (?:ci|install|i)\b[^\n]*/g) ?? []
  expect(installs.length).toBeGreaterThan(0)
  expect(installs.filter((command) => !command.startsWith('npm ci'))).toEqual([])
})

it.each([
  ['no faults', '{"vulnerabilities":{}}', 0, 0],
  ['faults', '{"vulnerabilities":{"ws":{"severity":"high"}}}', 1, 1],
  ['nothing, for it can’t be asked', '{"message":"405 Method Not Allowed"}', 1, 3],
  ['nothing at all', '', 0, 3],
])('script/audit tells apart when the registry knows %s', (_, answer, npmCode, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'matchday-audit-'))
  try {
    const npm = `#!/bin/sh\nprintf '%s' '${answer}'\nexit ${npmCode}\n`
    writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 })
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }
    expect(spawnSync(join(process.cwd(), 'script', 'audit'), { env }).status).toBe(code)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
