export { type Gateway, type GatewayParts, startGateway } from './gateway.ts'
export {
  createHttpEdge,
  type Health,
  type HttpEdge,
  type HttpEdgeConfig,
  type HttpEdgeParts,
  type RequestCall,
  type Requester,
} from './http/index.ts'
export {
  createLiveEdge,
  type LiveEdge,
  type LiveEdgeParts,
  type LiveLimits,
  type LiveStats,
} from './live/index.ts'
