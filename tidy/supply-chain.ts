/** A package as `package-lock.json` has it. */
export type LockedPackage = {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
export type Lock = Readonly<Record<string, LockedPackage>>

/** Licences that let anybody use, change and pass on what ships. */
const licences: ReadonlySet<string> = new Set([
  ...['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'],
  ...['CC0-1.0', 'BlueOak-1.0.0', 'Unlicense'],
])

/** Versions below which something is known to be broken that matters here. */
const floors: Readonly<Record<string, string>> = {
  // Fragments without end filled the memory, whatever the limits were.
  ws: '8.21.0',
}

/** The workspaces that ship; all else is for those who work on Matchday. */
export function shippedWorkspaces(lock: Lock): string[] {
  return Object.keys(lock).filter(
    (path) => /^(apps|services|packages)\/[^/]+$/.test(path) && path !== 'packages/testkit',
  )
}

/** Names of what they depend on directly, from elsewhere. */
export function directDependencies(lock: Lock): string[] {
  const names = shippedWorkspaces(lock).flatMap((path) => namesOf(lock[path]!))
  return [...new Set(names)].filter((name) => !name.startsWith('@matchday/')).sort()
}

/** All packages from elsewhere that ship, by where they are installed. */
export function shippedPackages(lock: Lock): ReadonlyMap<string, LockedPackage> {
  const seen = new Map<string, LockedPackage>()
  const waiting = shippedWorkspaces(lock)
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = lock[path]
    if (entry === undefined || seen.has(path)) continue
    seen.set(path, entry)
    waiting.push(...neededBy(lock, path))
  }
  return new Map([...seen].filter(([path]) => path.includes('node_modules/')))
}

export function wrongLicences(packages: ReadonlyMap<string, LockedPackage>): string[] {
  return [...packages]
    .filter(([, { license = 'none' }]) => !licences.has(license))
    .map(([path, { license }]) => `${path}: ${license}`)
}

/**
 * Packages whose bytes are not pinned. A mirror may lack tools of other platforms, and with them what their bytes are:
 * of those alone, and never of what ships, it may be missing.
 */
export function unpinned(lock: Lock): string[] {
  const shipped = shippedPackages(lock)
  return Object.entries(lock)
    .filter(([path, { link, integrity = '' }]) => {
      return (
        path.includes('node_modules/') && link !== true && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)
      )
    })
    .filter(([path, { dev, optional }]) => shipped.has(path) || dev !== true || optional !== true)
    .map(([path]) => path)
}

/** Below a floor; `1.10.0` is above `1.9.0`. */
export function tooOld(lock: Lock): string[] {
  return Object.entries(floors).flatMap(([name, floor]) => {
    const found = Object.entries(lock).filter(([path]) => path.endsWith(`node_modules/${name}`))
    if (found.length === 0) return [`${name}: gone`]
    return found
      .filter(([, { version = '0' }]) => version.localeCompare(floor, 'en', { numeric: true }) < 0)
      .map(([path, { version }]) => `${path}: ${version}`)
  })
}

function namesOf({ dependencies, optionalDependencies }: LockedPackage): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies })
}

/** Where that lies which a package or workspace depends on. */
export function neededBy(lock: Lock, path: string): string[] {
  return namesOf(lock[path]!).map((name) => placeOf(lock, path, name))
}

/** Where Node finds a package that is asked for from a place: the nearest folder upwards. */
function placeOf(lock: Lock, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    const entry = lock[place]
    if (entry !== undefined) return entry.link === true ? (entry.resolved ?? place) : place
    if (folder === '') throw new Error(`${from} needs ${name}, which the lock file does not have`)
  }
}
