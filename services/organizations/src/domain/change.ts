import type { ChangedThing, EventOf, OrganizationId, organizationEvents } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'

type ContractEvent = EventOf<typeof organizationEvents>
type Silent = 'organization-approved' | 'organization-blocked' | 'organization-deleted'
/** The contract's events. Those that say nothing but their names have no fields, rather than any at all. */
export type OrganizationEvent =
  | Exclude<ContractEvent, { type: Silent }>
  | { type: Silent; data: Record<string, never> }

/** One row of the changelog. */
export type Change = {
  /** Null: what is told stays when the organisation goes. */
  readonly organizationId: OrganizationId | null
  readonly thing: ChangedThing
  readonly thingId: string
  readonly action: 'created' | 'changed' | 'deleted' | 'preview-entered' | 'preview-left'
  /** As it is now, without secrets; null when it is gone. */
  readonly after: JsonObject | null
}
