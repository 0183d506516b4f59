import type { Caller } from '@matchday/contracts'
import type { Store } from '../store/port.ts'
import type { PrepareContext } from './decider.ts'
import type { PendingCommand } from './pending-command.ts'
import { isPromise } from './replies.ts'

/** What commands are prepared with, the same for all of a service. */
export type PrepareMeans = Pick<PrepareContext, 'state' | 'rows' | 'ask'> & {
  readonly store: Pick<Store, 'secrets'>
}

/** Prepares a command, at first or once more, and notes what it is about. */
export function prepareCommand(command: PendingCommand, means: PrepareMeans): void | Promise<void> {
  const { entry, item } = command
  const facts = entry.handler.prepare(item.input, new CommandContext(command, means))
  const note = (prepared: unknown): void => {
    command.facts = prepared
    command.stream = entry.handler.stream(item.input, prepared)
  }
  return isPromise(facts) ? facts.then(note) : note(facts)
}

/** Most handlers use none of it, so nothing is made before it is asked for. */
class CommandContext implements PrepareContext {
  readonly #command: PendingCommand
  readonly #means: PrepareMeans

  constructor(command: PendingCommand, means: PrepareMeans) {
    this.#command = command
    this.#means = means
  }

  get caller(): Caller {
    return this.#command.item.caller
  }
  get address(): string | undefined {
    return this.#command.item.address
  }
  get secrets(): PrepareContext['secrets'] {
    return (stream) => {
      this.#command.readsSecrets = true
      return this.#means.store.secrets(stream)
    }
  }
  get state(): PrepareContext['state'] {
    return this.#means.state
  }
  get rows(): PrepareContext['rows'] {
    return this.#means.rows
  }
  get ask(): PrepareContext['ask'] {
    return this.#means.ask
  }
}
