import {
  type Lock,
  type LockedPackage,
  neededBy,
  shippedPackages,
  shippedWorkspaces,
} from './supply-chain.ts'

/**
 * A software bill of materials (CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/): what ships, of which version and
 * licence, with which bytes, and who needs it. The same lock file always gives the same text.
 */
export type Sbom = {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.6'
  readonly version: 1
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}
type Component = {
  readonly 'bom-ref': string
  readonly type: 'application' | 'library'
  readonly group?: string
  readonly name: string
  readonly version: string
  readonly purl: string
  /** Of `optional` ones (programs of one kind of computer each) only those are there that fit. */
  readonly scope?: 'required' | 'optional'
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[]
  readonly licenses: readonly { readonly expression: string }[]
}

/** `npm sbom` leaves out what a tool's workspace asks for too, fastify among them, and lists the tools. */
export function sbomOf(lock: Lock): Sbom {
  const shipped = [...shippedPackages(lock)]
  const root = componentOf('node_modules/matchday', lock['']!, 'application')
  const ours = shippedWorkspaces(lock)
  const refOf = (path: string) => (ours.includes(path) ? [] : [componentOf(path, lock[path]!).purl])
  const refsOf = (path: string) => neededBy(lock, path).flatMap(refOf)
  // A package may lie in several folders, in the same version.
  const components = new Map<string, Component>()
  const dependencies = new Map<string, Set<string>>([[root.purl, new Set(ours.flatMap(refsOf))]])
  for (const [path, entry] of shipped) {
    const component = componentOf(path, entry)
    const known = components.get(component.purl)
    if (known?.scope !== 'required') components.set(component.purl, component)
    dependencies.set(component.purl, new Set([...(dependencies.get(component.purl) ?? []), ...refsOf(path)]))
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: root },
    components: [...components.values()].sort(byRef),
    dependencies: [...dependencies].map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() })),
  }
}

function componentOf(path: string, entry: LockedPackage, type: Component['type'] = 'library'): Component {
  const { version = '', license = '', integrity, optional } = entry
  const [, scope, name = ''] = /(?:^|\/)node_modules\/(?:(@[^/]+)\/)?([^/]+)$/.exec(path) ?? []
  const purl = `pkg:npm/${scope === undefined ? '' : `${scope.replace('@', '%40')}/`}${name}@${version}`
  const content = Buffer.from(integrity?.replace('sha512-', '') ?? '', 'base64').toString('hex')
  return {
    'bom-ref': purl,
    type,
    ...(scope !== undefined && { group: scope }),
    ...{ name, version, purl },
    ...(type === 'library' && { scope: optional === true ? 'optional' : 'required' }),
    ...(integrity !== undefined && { hashes: [{ alg: 'SHA-512', content }] }),
    licenses: [{ expression: license }],
  }
}

function byRef(left: Component, right: Component): number {
  return left.purl < right.purl ? -1 : 1
}
