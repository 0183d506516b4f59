/** From 0 to below 1, the same numbers for the same seed (mulberry32). */
export type Random = () => number

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function between(random: Random, least: number, most: number): number {
  return Math.round(least + random() * (most - least))
}

export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('Nothing to choose from')
  return item
}

/** Each of them once, in any order; then all of them again. */
export function* dealt<Item>(random: Random, items: readonly Item[]): Generator<Item, never> {
  for (;;) {
    const deck = [...items]
    while (deck.length > 0) yield* deck.splice(Math.floor(random() * deck.length), 1)
  }
}
