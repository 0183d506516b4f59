import type { Store } from '../store/port.ts'
import type { PendingCommand } from './pending-command.ts'
import { isPromise } from './replies.ts'

/** Prepares a command, at first or once more, and notes what it is about. */
export function prepareCommand(command: PendingCommand, store: Store): void | Promise<void> {
  const { entry, item } = command
  const facts = entry.handler.prepare(item.input, {
    secrets(stream) {
      command.readsSecrets = true
      return store.secrets(stream)
    },
  })
  const note = (prepared: unknown): void => {
    command.facts = prepared
    command.stream = entry.handler.stream(item.input, prepared)
  }
  return isPromise(facts) ? facts.then(note) : note(facts)
}
