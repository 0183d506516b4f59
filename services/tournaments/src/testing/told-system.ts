import type { Caller, OperationName, PlayerId, TournamentId } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { countingService } from './counting-service.ts'
import { type ModelReply, modelSystem } from './model-system.ts'

/** A system that is told what people do, by their first names. */
export function toldSystem() {
  const system = modelSystem(countingService())
  const ids = new Map<string, TournamentId>()
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

  async function create(name = 'Cup', input: JsonObject = {}): Promise<ModelReply> {
    const asked = { name, limit: 2, ...input }
    const reply = await system.send({ operation: 'createTournament', input: asked, by: { kind: 'anyone' } })
    const id = system.streams().at(-1)
    // Streams are named by the ids of tournaments.
    if (reply.kind === 'ok') ids.set(name, id as TournamentId)
    return reply
  }

  async function join(who: string, name = 'Cup'): Promise<ModelReply> {
    const id = tournamentId(name)
    const input = { id, firstName: who, lastName: 'Smith' }
    const reply = await system.send({ operation: 'joinTournament', input, by: { kind: 'anyone' } })
    // The contract says that it is a player's id.
    const playerId = (reply.kind === 'ok' ? reply.body?.playerId : null) as PlayerId
    if (reply.kind === 'ok') callers.set(who, { kind: 'player', tournamentId: id, playerId, pass: 1 })
    return reply
  }

  const asSelf = (who: string, operation: OperationName, input: JsonObject = {}) => {
    const { tournamentId: id, playerId } = self(who)
    return system.send({ operation, input: { id, playerId, ...input }, by: self(who) })
  }
  const asOrganizer = (
    operation: OperationName,
    input: JsonObject = {},
    { name = 'Cup', expectedVersion }: { name?: string; expectedVersion?: number } = {},
  ) => {
    const id = tournamentId(name)
    const by: Caller = { kind: 'organizer', tournamentId: id }
    const request = { operation, input: { id, ...input }, by }
    return system.send(expectedVersion === undefined ? request : { ...request, expectedVersion })
  }
  const asAnyone = (operation: OperationName, input: JsonObject = {}) =>
    system.send({ operation, input: { id: tournamentId(), ...input }, by: { kind: 'anyone' } })

  const pick = (who: string, team: string) => asSelf(who, 'pickTeam', { team })
  const versions = (name = 'Cup') => system.events(tournamentId(name)).map(({ version }) => version)

  return { system, create, join, pick, asSelf, asOrganizer, asAnyone, self, tournamentId, versions }
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
