import type { Json, Reply, RequestItem } from '../message.ts'
import type { CommandEntry } from '../service/definition.ts'
import type { Decider, DomainEvent } from './decider.ts'

/**
 * Runs commands: loads states, decides, commits what is waiting in one transaction, answers.
 * One for each service instance.
 */
export type Executor = {
  /** Never throws: what goes wrong is a reply of kind `fault`. */
  execute(entry: CommandEntry, item: RequestItem): Promise<Reply>
  /** The state at least as new as every commit acknowledged (by any instance) before the call. */
  state<State extends Json, Event extends DomainEvent>(
    decider: Decider<State, Event>,
    stream: string,
  ): Promise<{ state: State; version: number } | null>
  /** Resolves when nothing is waiting or in flight; used on shutdown after the intake has stopped. */
  drain(): Promise<void>
}
