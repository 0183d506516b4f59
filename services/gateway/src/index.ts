export { gatewayFigures } from './figures.ts'
export { type Gateway, type GatewayParts, startGateway } from './gateway.ts'
export { createHttpEdge } from './http/edge.ts'
export type { Health, HttpEdge, HttpEdgeConfig, HttpEdgeParts, Requester } from './http/ports.ts'
export {
  createLiveEdge,
  type LiveEdge,
  type LiveEdgeParts,
  type LiveLimits,
  type LiveStats,
} from './live/index.ts'
export type { RealmState } from './sessions/realm-sessions.ts'
