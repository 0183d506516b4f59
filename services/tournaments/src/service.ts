import type { tournamentOperations } from '@matchday/contracts'
import type { HandlerEntry, ServiceDefinition } from '@matchday/kernel'
import { archiveTournament } from './commands/archive-tournament.ts'
import { createTournament } from './commands/create-tournament.ts'
import { drawTeams } from './commands/draw-teams.ts'
import { joinTournament } from './commands/join-tournament.ts'
import { movePass } from './commands/move-pass.ts'
import { pickTeam } from './commands/pick-team.ts'
import { removePlayer } from './commands/remove-player.ts'
import { renameTournament } from './commands/rename-tournament.ts'
import { setJoining } from './commands/set-joining.ts'
import { voidDraw } from './commands/void-draw.ts'
import { completeConfig, type TournamentsConfig } from './config.ts'
import { guarded } from './guarded.ts'
import { findByJoinCode } from './queries/find-by-join-code.ts'
import { getDrawProof } from './queries/get-draw-proof.ts'
import { getSeat } from './queries/get-seat.ts'
import { getTournament } from './queries/get-tournament.ts'
import { listLog } from './queries/list-log.ts'
import { listTeams } from './queries/list-teams.ts'
import { highlightTeam } from './signals/highlight-team.ts'

/** The service that decides about tournaments: a handler for each operation of its contract. */
export function defineTournaments(config: TournamentsConfig): ServiceDefinition {
  const complete = completeConfig(config)
  const handlers = {
    createTournament: createTournament(complete),
    getTournament: getTournament(complete),
    renameTournament: renameTournament(),
    archiveTournament: archiveTournament(),
    findByJoinCode: findByJoinCode(),
    joinTournament: joinTournament(complete),
    getSeat: getSeat(),
    movePass: movePass(complete),
    removePlayer: removePlayer(),
    listTeams: listTeams(),
    pickTeam: pickTeam(),
    highlightTeam: highlightTeam(),
    setJoining: setJoining(),
    drawTeams: drawTeams(),
    voidDraw: voidDraw(complete),
    getDrawProof: getDrawProof(),
    listLog: listLog(),
  } satisfies Record<keyof typeof tournamentOperations, HandlerEntry>
  const entries = Object.entries(handlers).map(([name, entry]) => [name, guarded(entry)] as const)
  return { name: 'tournaments', handlers: Object.fromEntries(entries), views: [] }
}
