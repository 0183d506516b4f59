import { newId, type OrganizationId, type StaffId, type TournamentId } from '@matchday/contracts'
import { type Ask, Fault } from '@matchday/kernel'
import type { Person } from '../people.ts'

/** The services that this one asks, with what they know. */
export function neighbours() {
  const owners = new Map<string, OrganizationId | null>()
  const people = new Map<string, Person>()
  const down = new Set<string>()
  const asked: { service: string; operation: string; input: unknown }[] = []

  const answer = (operation: string, input: unknown): unknown => {
    switch (operation) {
      case 'getOwner': {
        const { id } = input as { id: TournamentId }
        const organizationId = owners.get(id)
        if (organizationId === undefined) return { kind: 'rejected', code: 'not-found' }
        return { kind: 'ok', body: { organizationId, name: 'Cup' } }
      }
      case 'describeAccounts': {
        const { accountIds } = input as { accountIds: string[] }
        if (accountIds.length > 100) throw new Fault('internal', 'too many at once')
        const items = accountIds.flatMap((accountId) => {
          const person = people.get(accountId)
          return person === undefined ? [] : [{ accountId, ...person, showsFullName: false }]
        })
        return { kind: 'ok', body: { items } }
      }
      default:
        throw new Error(`nobody answers ${operation}`)
    }
  }
  const ask = async (operation: { service: string; name: string }, input: unknown) => {
    asked.push({ service: operation.service, operation: operation.name, input })
    if (down.has(operation.service)) throw new Fault('unavailable', 'it is down', { retryable: true })
    return answer(operation.name, input)
  }
  return {
    // Typed by the contracts of those who answer, which the tests know.
    ask: ask as Ask,
    asked,
    down,
    /** A tournament of an organisation, or of nobody. */
    tournamentOf(organizationId: OrganizationId | null): TournamentId {
      const id = newId<'tournament'>()
      owners.set(id, organizationId)
      return id
    },
    isCalled(accountId: StaffId, firstName: string, lastName: string): void {
      people.set(accountId, { firstName, lastName, email: `${firstName}@example.org`, phone: null })
    },
    forget: (accountId: StaffId) => people.delete(accountId),
  }
}
export type Neighbours = ReturnType<typeof neighbours>
