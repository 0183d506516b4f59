export { createLiveEdge, type LiveEdge, type LiveEdgeParts, type LiveStats } from './edge.ts'
export type { LiveLimits } from './limits.ts'
