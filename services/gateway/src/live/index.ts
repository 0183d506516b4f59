export { disconnects, replyErrors, unsubscribes } from './codes.ts'
export { createLiveEdge, type LiveEdge, type LiveEdgeParts, type LiveStats } from './edge.ts'
export { type LiveLimits, liveLimits } from './limits.ts'
