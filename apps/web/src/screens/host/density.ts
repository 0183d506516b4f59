/** From so many on, the list needs the room more than the QR code beside it does. */
const manyFrom = 28

export function crowdOf(count: number): 'few' | 'many' {
  return count < manyFrom ? 'few' : 'many'
}

/** How long a tournament's name is, for the size of its letters. */
export function lengthOf(name: string): 'short' | 'long' | 'huge' {
  if (name.length <= 24) return 'short'
  return name.length <= 56 ? 'long' : 'huge'
}
