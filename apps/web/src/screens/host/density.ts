/** How much room each player gets, so that the room can read as much as possible without scrolling. */
export type Density = 'roomy' | 'normal' | 'dense' | 'packed'

export function densityOf(count: number): Density {
  if (count <= 12) return 'roomy'
  if (count <= 27) return 'normal'
  return count <= 56 ? 'dense' : 'packed'
}

/** How long a tournament's name is, for the size of its letters. */
export function lengthOf(name: string): 'short' | 'long' | 'huge' {
  if (name.length <= 24) return 'short'
  return name.length <= 56 ? 'long' : 'huge'
}
