/** How much room each player gets, so that the room can read as much as possible without scrolling. */
export type Density = 'roomy' | 'normal' | 'dense' | 'packed'

export function densityOf(count: number): Density {
  if (count <= 12) return 'roomy'
  if (count <= 27) return 'normal'
  return count <= 72 ? 'dense' : 'packed'
}
