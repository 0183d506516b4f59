import type { Bus, Clock, Database, Lifecycle, Log, Metrics, PartHealth, Requester } from '@matchday/kernel'
import type { Addresses } from './addresses.ts'
import type { Config } from './config.ts'
import type { Health } from './health.ts'
import type { Keys } from './keys.ts'
import type { ServiceName } from './role-names.ts'
import type { Waits } from './waits.ts'

/** A service's database, and whether it is one that Matchday itself runs and upgrades. */
export type ServiceDatabase = { readonly database: Database; readonly isBuiltIn: boolean }

/** What a role is started with. */
export type RoleContext = {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  readonly bus: Bus
  /** By which the services of this process ask others; the gateway has its own. */
  readonly requester: Requester
  readonly metrics: Metrics
  readonly keys: Keys
  /** For what may not be there yet. */
  readonly waits: Waits
  /** For what the role has started; stopped when the process ends. */
  readonly lifecycle: Lifecycle
  database(service: ServiceName): Promise<ServiceDatabase>
  /** Of the whole process. */
  health(): Health
  /** The process was told to stop, and serves a little longer. */
  isDraining(): boolean
  /** Where phones reach Matchday, as far as it is known. */
  publicAddress(): string
  /** Says something to whoever started the process; after the banner, if that is yet to come. */
  tell(text: (addresses: Addresses) => string): void
  /** The public port is open. */
  onListening(port: number): void
}

export type StartedRole = {
  /** Of parts beyond those in its lifecycle. */
  health(): readonly PartHealth[]
  /** Begins nothing by itself any more, and goes on answering; left out by those that never do. */
  standBack?(): Promise<void>
}

/** `start` resolves when the role does its work; it waits for as long as that takes. */
export type Role = { readonly summary: string; start(context: RoleContext): Promise<StartedRole> }
