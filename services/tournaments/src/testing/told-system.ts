import type { Caller, PlayerId, TournamentId } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { asContracted } from './as-contracted.ts'
import { countingService } from './counting-service.ts'
import { type AnyOperationName, type ModelReply, type ModelSystem, modelSystem } from './model-system.ts'

/** A system that is told what people do, by their first names. */
export function toldSystem() {
  const model = modelSystem(countingService())
  const system: ModelSystem = {
    ...model,
    send: async (request) => asContracted(request.operation, await model.send(request)),
  }
  const ids = new Map<string, TournamentId>()
  /** Who runs what was made for an organisation. */
  const makers = new Map<string, Caller>()
  const callers = new Map<string, Caller & { kind: 'player' }>()

  const tournamentId = (name = 'Cup'): TournamentId => {
    const id = ids.get(name)
    if (id === undefined) throw new Error(`there is no tournament ${name}`)
    return id
  }
  const self = (who: string): Caller & { kind: 'player' } => {
    const caller = callers.get(who)
    if (caller === undefined) throw new Error(`${who} has never joined`)
    return caller
  }

  async function create(
    name = 'Cup',
    input: JsonObject = {},
    by: Caller = { kind: 'anyone' },
  ): Promise<ModelReply> {
    const asked = { name, limit: 2, ...input }
    const reply = await system.send({ operation: 'createTournament', input: asked, by })
    const id = system.streams().at(-1)
    // Streams are named by the ids of tournaments.
    if (reply.kind === 'ok') ids.set(name, id as TournamentId)
    if ('organizationId' in input) makers.set(name, by)
    return reply
  }

  async function join(
    who: string,
    name = 'Cup',
    { lastName = 'Smith', by = { kind: 'anyone' } }: { lastName?: string; by?: Caller } = {},
  ): Promise<ModelReply> {
    const id = tournamentId(name)
    const input = { id, firstName: who, lastName }
    const reply = await system.send({ operation: 'joinTournament', input, by })
    // The contract says that it is a player's id.
    const playerId = (reply.kind === 'ok' ? reply.body?.playerId : null) as PlayerId
    if (reply.kind === 'ok') callers.set(who, { kind: 'player', tournamentId: id, playerId, pass: 1 })
    return reply
  }

  const asSelf = (who: string, operation: AnyOperationName, input: JsonObject = {}) => {
    const { tournamentId: id, playerId } = self(who)
    return system.send({ operation, input: { id, playerId, ...input }, by: self(who) })
  }
  const asOrganizer = (
    operation: AnyOperationName,
    input: JsonObject = {},
    { name = 'Cup', expectedVersion }: { name?: string; expectedVersion?: number } = {},
  ) => {
    const id = tournamentId(name)
    const by = makers.get(name) ?? { kind: 'organizer', tournamentId: id }
    const request = { operation, input: { id, ...input }, by }
    return system.send(expectedVersion === undefined ? request : { ...request, expectedVersion })
  }
  const as = (by: Caller, operation: AnyOperationName, input: JsonObject = {}) =>
    system.send({ operation, input: { id: tournamentId(), ...input }, by })
  const asAnyone = (operation: AnyOperationName, input: JsonObject = {}) =>
    as({ kind: 'anyone' }, operation, input)

  const pick = (who: string, team: string) => asSelf(who, 'pickTeam', { team })
  const versions = (name = 'Cup') => system.events(tournamentId(name)).map(({ version }) => version)

  return { system, create, join, pick, as, asSelf, asOrganizer, asAnyone, self, tournamentId, versions }
}

/** The code of a rejection, or `ok`. */
export async function codeOf(reply: Promise<ModelReply>): Promise<string> {
  const told = await reply
  return told.kind === 'rejected' ? told.code : 'ok'
}

export async function bodyOf(reply: Promise<ModelReply>): Promise<JsonObject> {
  const told = await reply
  if (told.kind === 'rejected') throw new Error(`rejected: ${told.code}`)
  return told.body ?? {}
}
