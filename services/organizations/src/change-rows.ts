import type { ChangedThing, ChangeId, OrganizationId } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { nameIn, type People } from './people.ts'

export type ChangeRow = {
  readonly changeId: ChangeId
  readonly organizationId: OrganizationId | null
  readonly thing: ChangedThing
  readonly thingId: string
  readonly action: string
  readonly after: JsonObject | null
  readonly kind: string
  readonly id: string | null
  readonly at: Date
}

export const changeColumns = `change_id as "changeId", organization_id as "organizationId", thing,
  thing_id as "thingId", action, after, by_kind as kind, by_id as id, at`

export function shownChange(row: ChangeRow, people: People) {
  const { changeId, thing, thingId, action, after, kind, id, at } = row
  const by = { kind, accountId: id, name: nameIn(people, id) }
  return { changeId, at: at.toISOString(), by, thing, thingId, action, after }
}
