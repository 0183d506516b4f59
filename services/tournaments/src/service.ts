import type { tournamentInternals, tournamentOperations } from '@matchday/contracts'
import type { HandlerEntry, ServiceDefinition } from '@matchday/kernel'
import { anonymizePlayer } from './commands/anonymize-player.ts'
import { archiveTournament } from './commands/archive-tournament.ts'
import { changeDetails } from './commands/change-details.ts'
import { claimTournament } from './commands/claim-tournament.ts'
import { createTournament } from './commands/create-tournament.ts'
import { decideEntryRequest } from './commands/decide-entry-request.ts'
import { drawTeams } from './commands/draw-teams.ts'
import { joinTournament } from './commands/join-tournament.ts'
import { linkSeat } from './commands/link-seat.ts'
import { movePass } from './commands/move-pass.ts'
import { openSeat } from './commands/open-seat.ts'
import { pickTeam } from './commands/pick-team.ts'
import { removePlayer } from './commands/remove-player.ts'
import { renameTournament } from './commands/rename-tournament.ts'
import { setJoining } from './commands/set-joining.ts'
import { voidDraw } from './commands/void-draw.ts'
import { type CompleteTournamentsConfig, completeConfig, type TournamentsConfig } from './config.ts'
import { createGuard } from './guarded.ts'
import { archiveForOrganization } from './internals/archive-for-organization.ts'
import { exportSeats } from './internals/export-seats.ts'
import { forgetPlayer } from './internals/forget-player.ts'
import { getOwner } from './internals/get-owner.ts'
import { noteOrganizationStatus } from './internals/note-organization-status.ts'
import { tournamentMigrations } from './migrations.ts'
import { findByJoinCode } from './queries/find-by-join-code.ts'
import { getDrawProof } from './queries/get-draw-proof.ts'
import { getSeat } from './queries/get-seat.ts'
import { getTournament } from './queries/get-tournament.ts'
import { listEntryRequests } from './queries/list-entry-requests.ts'
import { listLog } from './queries/list-log.ts'
import { listMySeats } from './queries/list-my-seats.ts'
import { listOrganizationTournaments } from './queries/list-organization-tournaments.ts'
import { listPlayers } from './queries/list-players.ts'
import { listTeams } from './queries/list-teams.ts'
import { searchTournaments } from './queries/search-tournaments.ts'
import { archiveWithOrganization } from './reactions/archive-with-organization.ts'
import { forgetAccount } from './reactions/forget-account.ts'
import { tellOrganizationStatus } from './reactions/tell-organization-status.ts'
import { highlightTeam } from './signals/highlight-team.ts'
import { listedTournamentsView } from './views/listed-tournaments.ts'
import { organizationsView } from './views/organizations.ts'

/** The service that decides about tournaments: a handler for each operation of its contract. */
export function defineTournaments(config: TournamentsConfig): ServiceDefinition {
  const guarded = createGuard()
  const behindGuard = (handlers: Record<string, HandlerEntry>) =>
    Object.fromEntries(Object.entries(handlers).map(([name, entry]) => [name, guarded(entry)] as const))
  return {
    name: 'tournaments',
    handlers: behindGuard(handlersOf(completeConfig(config))),
    internals: behindGuard(internals),
    migrations: tournamentMigrations,
    views: [organizationsView, listedTournamentsView],
    reactions: [...forgetAccount, ...archiveWithOrganization, tellOrganizationStatus],
  }
}

function handlersOf(config: CompleteTournamentsConfig) {
  return {
    createTournament: createTournament(config),
    getTournament: getTournament(config),
    renameTournament: renameTournament(),
    archiveTournament: archiveTournament(),
    findByJoinCode: findByJoinCode(),
    joinTournament: joinTournament(config),
    getSeat: getSeat(),
    movePass: movePass(config),
    removePlayer: removePlayer(),
    listTeams: listTeams(),
    pickTeam: pickTeam(),
    highlightTeam: highlightTeam(),
    setJoining: setJoining(),
    drawTeams: drawTeams(),
    voidDraw: voidDraw(config),
    getDrawProof: getDrawProof(),
    listLog: listLog(),
    changeDetails: changeDetails(),
    claimTournament: claimTournament(config),
    listPlayers: listPlayers(),
    anonymizePlayer: anonymizePlayer(),
    listEntryRequests: listEntryRequests(),
    decideEntryRequest: decideEntryRequest(),
    searchTournaments: searchTournaments(),
    listOrganizationTournaments: listOrganizationTournaments(),
    linkSeat: linkSeat(config),
    listMySeats: listMySeats(),
    openSeat: openSeat(config),
  } satisfies Record<keyof typeof tournamentOperations, HandlerEntry>
}

const internals = {
  getOwner: getOwner(),
  exportSeats: exportSeats(),
  forgetPlayer: forgetPlayer(),
  archiveForOrganization: archiveForOrganization(),
  noteOrganizationStatus: noteOrganizationStatus(),
} satisfies Record<keyof typeof tournamentInternals, HandlerEntry>
