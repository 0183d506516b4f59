/** Name of the secret that holds the seed of an attempt until the draw reveals it. */
export function drawSeedName(attempt: number): string {
  return `draw-seed-${attempt}`
}
