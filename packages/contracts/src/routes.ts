/**
 * The HTTP surface of Matchday at a glance: operation → [method, path]. Everything else about an operation stands
 * beside its service's other contracts (tournaments.ts). This file has no imports, so that the web client can
 * carry it without carrying the schemas.
 */
export const routes = {
  createTournament: ['POST', '/api/tournaments'],
  getTournament: ['GET', '/api/tournaments/{id}'],
  renameTournament: ['PATCH', '/api/tournaments/{id}'],
  archiveTournament: ['POST', '/api/tournaments/{id}/archive'],
  findByJoinCode: ['GET', '/api/join/{code}'],
  joinTournament: ['POST', '/api/tournaments/{id}/players'],
  getSeat: ['GET', '/api/tournaments/{id}/players/{playerId}/seat'],
  movePass: ['POST', '/api/tournaments/{id}/players/{playerId}/pass'],
  removePlayer: ['DELETE', '/api/tournaments/{id}/players/{playerId}'],
  listTeams: ['GET', '/api/tournaments/{id}/teams'],
  pickTeam: ['PUT', '/api/tournaments/{id}/players/{playerId}/pick'],
  highlightTeam: ['PUT', '/api/tournaments/{id}/players/{playerId}/highlight'],
  setJoining: ['PUT', '/api/tournaments/{id}/joining'],
  drawTeams: ['POST', '/api/tournaments/{id}/draw'],
  voidDraw: ['POST', '/api/tournaments/{id}/draw/void'],
  getDrawProof: ['GET', '/api/tournaments/{id}/draw/proof'],
  listLog: ['GET', '/api/tournaments/{id}/log'],
} as const satisfies Record<string, Route>

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** `{name}` in a path is a parameter. */
export type Route = readonly [method: Method, path: `/${string}`]
export type OperationName = keyof typeof routes
