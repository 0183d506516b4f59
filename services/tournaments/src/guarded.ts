import type { Caller, Operation, TournamentId } from '@matchday/contracts'
import {
  type CommandEntry,
  Fault,
  type HandlerEntry,
  type JsonObject,
  type ReadContext,
  type ReadEntry,
  reject,
} from '@matchday/kernel'
import { accessFacts } from './access-facts.ts'
import { type Access, noAccess, refusal } from './domain/access.ts'
import type { ExistingTournament, TournamentState } from './domain/state.ts'
import { tournament } from './domain/tournament.ts'
import { createKnownOwners, type KnownOwners } from './known-owners.ts'
import { refusalOutside } from './outside-tournaments.ts'
import { readOnce } from './read-once.ts'
import { standingOf } from './standings.ts'

/**
 * Puts the contract's policy before a handler. The edge has looked at the token already; the service that owns the
 * data looks again, with the tournament's state, and with what the caller is in its organisation at this moment.
 */
export function createGuard(): (entry: HandlerEntry) => HandlerEntry {
  const owners = createKnownOwners()
  return (entry) => {
    const { operation } = entry
    if (!('policy' in operation)) return forServices(entry)
    if (entry.kind === 'row-command') throw new Error(`${operation.name}: tournaments are no rows`)
    const isInTournament = operation.params?.properties.id !== undefined
    if (entry.kind === 'read') {
      return isInTournament ? readInTournament(entry, operation) : readOutside(entry, operation)
    }
    return isInTournament ? commandInTournament(entry, operation, owners) : entry
  }
}

function readInTournament(entry: ReadEntry, operation: Operation): ReadEntry {
  return {
    ...entry,
    handle: async (input, caller, asked) => {
      // What was judged by is what is answered from.
      const context = readOnce(asked)
      const id = idIn(input)
      const found = await context.state(tournament, id)
      if (found === null || found.state.status === 'missing') return reject('not-found')
      const { organizationId } = found.state
      const access = await accessFacts(context, operation, caller, { id, organizationId })
      const refused = await refusalOfReading(operation, found.state, {
        caller,
        target: input,
        access,
        context,
      })
      return refused ?? entry.handle(input, caller, context)
    },
  }
}

/** Before somebody is sent away who may be of the tournament's organisation, it is asked whether he is. */
async function refusalOfReading(
  operation: Operation,
  state: ExistingTournament,
  asked: { caller: Caller; target: JsonObject; access: Access; context: ReadContext },
) {
  const { caller, target, access, context } = asked
  const refused = refusal(operation.policy, state, { caller, target, access, isEntrance: false })
  const { organizationId } = access
  if (refused === null || organizationId === null || access.standing !== null) return refused
  const standing = await standingOf(context.ask, caller, organizationId, operation.scope)
  if (standing === null) return refused
  return refusal(operation.policy, state, {
    caller,
    target,
    access: { ...access, standing },
    isEntrance: false,
  })
}

function readOutside(entry: ReadEntry, operation: Operation): ReadEntry {
  return {
    ...entry,
    handle: async (input, caller, context) =>
      (await refusalOutside(operation, caller, input, context)) ?? entry.handle(input, caller, context),
  }
}

type Guarded = { readonly access: Access; readonly facts: unknown }

function commandInTournament(entry: CommandEntry, operation: Operation, owners: KnownOwners): CommandEntry {
  const { handler } = entry
  // This is what the handler's own functions gave, or will be given.
  const inner = (guarded: unknown) => (guarded as Guarded).facts
  return {
    ...entry,
    handler: {
      ...handler,
      prepare: (input, context) => {
        const access = accessBefore(operation, context.caller, input, context, owners)
        const facts = handler.prepare(input, context)
        if (!(access instanceof Promise) && !(facts instanceof Promise)) return { access, facts }
        return Promise.all([access, facts]).then(([found, prepared]) => ({ access: found, facts: prepared }))
      },
      stream: (input, guarded) => handler.stream(input, inner(guarded)),
      decide: (untyped, command, meta) => {
        // All streams of this service are tournaments.
        const state = untyped as TournamentState
        const { access, facts } = command.facts as Guarded
        if (state.status === 'missing') return reject('not-found')
        if (state.organizationId !== access.organizationId) throw outOfDate(owners, state.id)
        const { caller, input: target } = command
        const isEntrance = operation.policy === 'anyone'
        const refused = refusal(operation.policy, state, { caller, target, access, isEntrance })
        if (refused !== null) return refused
        const { now, expectedVersion } = command
        return handler.decide(state, { input: target, caller, now, expectedVersion, facts }, meta)
      },
      present: (answer, version, { input, facts }) =>
        handler.present(answer, version, { input, facts: inner(facts) }),
    },
  }
}

/** For tournaments of nobody's, once that is known, nothing is read and nobody is asked. */
function accessBefore(
  operation: Operation,
  caller: Caller,
  input: JsonObject,
  context: Pick<ReadContext, 'rows' | 'ask' | 'state'>,
  owners: KnownOwners,
): Access | Promise<Access> {
  const id = idIn(input)
  const owner = owners.get(id)
  if (owner !== undefined) return accessFacts(context, operation, caller, { id, organizationId: owner })
  return context.state(tournament, id).then((found) => {
    if (found === null || found.state.status === 'missing') return noAccess
    const { organizationId } = found.state
    owners.note(id, organizationId)
    return accessFacts(context, operation, caller, { id, organizationId })
  })
}

/** The tournament was claimed since its owner was noted: whoever sends the command again has it decided anew. */
function outOfDate(owners: KnownOwners, id: TournamentId): Fault {
  owners.forget(id)
  return new Fault('unavailable', `${id} belongs to another organisation now`, { retryable: true })
}

function forServices(entry: HandlerEntry): HandlerEntry {
  if (entry.kind === 'read') {
    return {
      ...entry,
      handle: async (input, caller, context) =>
        caller.kind === 'service' ? entry.handle(input, caller, context) : reject('not-allowed'),
    }
  }
  if (entry.kind === 'row-command') throw new Error(`${entry.operation.name}: tournaments are no rows`)
  const { handler } = entry
  return {
    ...entry,
    handler: {
      ...handler,
      decide: (state, command, meta) =>
        command.caller.kind === 'service' ? handler.decide(state, command, meta) : reject('not-allowed'),
    },
  }
}

/** The contract says that it is a tournament's id. */
function idIn(input: JsonObject): TournamentId {
  return input.id as TournamentId
}
