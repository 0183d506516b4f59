import type { CommandEntry, ServiceDefinition } from '@matchday/kernel'

/** The planted fault: what is checked before is not guarded when it is written. */
export function withoutClaims(definition: ServiceDefinition): ServiceDefinition {
  const careless = (entry: CommandEntry): CommandEntry => ({
    ...entry,
    handler: {
      ...entry.handler,
      decide(state, command, meta) {
        const decision = entry.handler.decide(state, command, meta)
        return decision.kind === 'accepted' ? { ...decision, claims: [], takes: [] } : decision
      },
    },
  })
  const handlers = Object.entries(definition.handlers).map(([name, entry]) => [
    name,
    entry.kind === 'command' ? careless(entry) : entry,
  ])
  return { ...definition, handlers: Object.fromEntries(handlers) }
}
