import {
  type OrganizationId,
  type OrganizationRole,
  type OrganizationStatus,
  organizationInternals,
} from '@matchday/contracts'
import { Fault, type ReadContext } from '@matchday/kernel'
import { type KnownOrganization, organizationStatement } from '../views/organizations.ts'

type Organization = {
  name: string
  status: OrganizationStatus | 'deleted'
  readonly roles: Map<string, OrganizationRole>
  /** Administrators who look into it. */
  readonly previews: Set<string>
}

/** The service of organisations, as far as tournaments ask it. */
export function modelOrganizations() {
  const organizations = new Map<string, Organization>()
  const asked: unknown[] = []
  let isReachable = true

  const ask: ReadContext['ask'] = async (operation, input) => {
    asked.push(input)
    if (!isReachable) throw new Fault('unavailable', 'nobody answers', { retryable: true })
    if (operation.name !== organizationInternals.getStanding.name)
      throw new Error(`not known: ${operation.name}`)
    // By its name it is known what comes in and goes out.
    const { organizationId, accountId, isAdministrator } = input as Record<string, unknown>
    const standing = standingOf(String(organizationId), String(accountId), isAdministrator === true)
    return (
      standing === null ? { kind: 'rejected', code: 'not-found' } : { kind: 'ok', body: standing }
    ) as never
  }

  function standingOf(organizationId: string, accountId: string, isAdministrator: boolean) {
    const organization = organizations.get(organizationId)
    if (organization === undefined || organization.status === 'deleted') return null
    const { status, roles, previews } = organization
    const isPreview = isAdministrator && previews.has(accountId)
    return { status, role: isPreview ? 'owner' : (roles.get(accountId) ?? null), isPreview }
  }

  /** What the view of the service's events would hold. */
  function known(id: string): readonly KnownOrganization[] {
    const organization = organizations.get(id)
    if (organization === undefined) return []
    const { name, status } = organization
    // The key under which it was added.
    return [{ id: id as OrganizationId, name, status, version: 1 }]
  }

  return {
    ask,
    rows: async <Row>(text: string, [id]: readonly unknown[]): Promise<readonly Row[]> =>
      // Whoever sends this statement knows what its rows are.
      text === organizationStatement ? (known(String(id)) as readonly Row[]) : [],
    add(id: OrganizationId, roles: Record<string, OrganizationRole> = {}, previews: readonly string[] = []) {
      organizations.set(id, {
        name: 'City League',
        status: 'approved',
        roles: new Map(Object.entries(roles)),
        previews: new Set(previews),
      })
    },
    set(id: OrganizationId, status: Organization['status']) {
      const organization = organizations.get(id)
      if (organization !== undefined) organization.status = status
    },
    setReachable: (reachable: boolean) => {
      isReachable = reachable
    },
    /** All questions so far. */
    asked: (): readonly unknown[] => asked,
  }
}

export type ModelOrganizations = ReturnType<typeof modelOrganizations>
