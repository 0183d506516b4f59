import { newId, type tournamentOperations } from '@matchday/contracts'
import { join } from '../support/client.ts'
import { worldTeams } from '../support/world.ts'
import { freshPlayer, freshTournament, newName, organizationIn, type Place, tournamentIn } from './place.ts'
import type { Recipe } from './recipe.ts'

const inTournament = (place: Place) => ({ params: { id: tournamentIn(place).id } })
const reads: Recipe = { asking: inTournament }
const writes = (body: unknown): Recipe => ({ asking: (place) => ({ ...inTournament(place), body }) })

/** The guest's seat, or that of another guest. */
function ofSeat(place: Place) {
  const { id, guest, another } = tournamentIn(place)
  return { id, playerId: (place.column === 'next' ? another : guest).id }
}

const joinNow = (place: Place) => ({
  ...inTournament(place),
  body: { firstName: 'Nora', lastName: newName() },
})

export const tournamentRecipes: Record<keyof typeof tournamentOperations, Recipe> = {
  createTournament: {
    asking: (place) => ({
      body: {
        name: `Cup ${newName()}`,
        limit: 4,
        ...(place.column === 'nobodys' ? {} : { organizationId: organizationIn(place).id }),
      },
    }),
  },
  getTournament: reads,
  renameTournament: {
    asking: async (place) => {
      const name = `Cup ${newName()}`
      if (!place.succeeds) return { ...inTournament(place), body: { name }, headers: { 'if-match': '"1"' } }
      const { id, organizer } = await freshTournament(place)
      return {
        params: { id },
        body: { name },
        headers: { 'if-match': place.column === 'nobodys' ? '"1"' : '"2"' },
        ...(place.caller === 'organizer' ? { token: organizer } : {}),
      }
    },
  },
  archiveTournament: {
    asking: async (place) => {
      if (!place.succeeds || place.column === 'archived') return inTournament(place)
      const { id, organizer } = await freshTournament(place)
      return { params: { id }, ...(place.caller === 'organizer' ? { token: organizer } : {}) }
    },
  },
  findByJoinCode: {
    asking: (place) => ({ params: { code: tournamentIn(place).joinCode || 'ZZZZZZ' } }),
  },
  joinTournament: {
    asking: async (place) => {
      if (place.caller !== 'player' || !place.succeeds) return joinNow(place)
      const { id } = await freshTournament(place)
      return { ...joinNow(place), params: { id } }
    },
  },
  getSeat: { asking: (place) => ({ params: ofSeat(place) }) },
  movePass: {
    asking: (place) => ({ params: ofSeat(place) }),
    afterwards: (place, { text }) => {
      Object.assign(tournamentIn(place).guest, { token: JSON.parse(text).playerToken })
    },
  },
  removePlayer: {
    asking: async (place) => {
      if (!place.succeeds) return { params: ofSeat(place) }
      const player = await freshPlayer(place)
      return {
        params: { id: tournamentIn(place).id, playerId: player.id },
        ...(place.caller === 'guest' ? { token: player.token } : {}),
      }
    },
  },
  listTeams: reads,
  pickTeam: { asking: (place) => ({ params: ofSeat(place), body: { team: worldTeams[0] } }) },
  highlightTeam: { asking: (place) => ({ params: ofSeat(place), body: { team: worldTeams[1] } }) },
  setJoining: writes({ open: true }),
  drawTeams: writes({}),
  voidDraw: writes({ reason: 'A player left.' }),
  getDrawProof: reads,
  listLog: reads,
  changeDetails: { asking: (place) => ({ ...inTournament(place), body: { description: newName() } }) },
  claimTournament: {
    asking: async (place) => {
      const { world, column } = place
      const { nobodys, own } = world.tournaments
      const { id, organizer } = place.succeeds ? await freshTournament({ world, column: 'nobodys' }) : nobodys
      return {
        params: { id },
        body: {
          organizationId: organizationIn(place).id,
          organizerToken: column === 'mistaken' ? own.organizer : organizer,
        },
      }
    },
  },
  listPlayers: reads,
  anonymizePlayer: { asking: (place) => ({ params: ofSeat(place) }) },
  listEntryRequests: reads,
  decideEntryRequest: {
    asking: async (place) => {
      const { id, waiting } = tournamentIn(place)
      const requested = place.succeeds ? await join(place.world.url, id, newName(), 'Nora') : waiting
      return { params: { id, playerId: requested.id }, body: { accepted: false } }
    },
  },
  searchTournaments: { asking: () => ({ query: { query: 'cup' } }) },
  listOrganizationTournaments: {
    asking: (place) => ({ params: { organizationId: organizationIn(place).id } }),
  },
  linkSeat: {
    asking: async (place) => {
      const { world, column } = place
      const { own, others } = world.tournaments
      const isMistaken = column === 'mistaken' || column === 'secret'
      const tournament = place.succeeds
        ? await freshTournament({ world, column: 'others' }, {})
        : column === 'mistaken'
          ? others
          : tournamentIn(place)
      const { token } = isMistaken ? own.guest : tournament.guest
      return { params: { id: tournament.id }, body: { playerToken: token || newId() } }
    },
  },
  listMySeats: { asking: () => ({}) },
  openSeat: { asking: (place) => inTournament(place) },
}
