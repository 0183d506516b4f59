import type { Clock } from '../clock.ts'

/**
 * Remembers ids for at least `windowMs` (and at most twice that), or as long as at most `idsMax` others came after.
 * Two generations that take turns: forgetting costs nothing per id.
 */
export class RecentIds {
  private readonly clock: Clock
  private readonly windowMs: number
  private readonly idsMax: number
  private current = new Set<string>()
  private previous = new Set<string>()
  private turnsAt: number

  constructor(clock: Clock, windowMs: number, idsMax: number) {
    this.clock = clock
    this.windowMs = windowMs
    this.idsMax = idsMax
    this.turnsAt = clock.monotonicMs() + windowMs
  }

  has(id: string): boolean {
    this.turn()
    return this.current.has(id) || this.previous.has(id)
  }

  add(id: string): void {
    this.turn()
    this.current.add(id)
  }

  private turn(): void {
    const now = this.clock.monotonicMs()
    if (now < this.turnsAt && this.current.size < this.idsMax) return
    // After two windows of silence the last generation is too old as well.
    this.previous = now < this.turnsAt + this.windowMs ? this.current : new Set()
    this.current = new Set()
    this.turnsAt = now + this.windowMs
  }
}
