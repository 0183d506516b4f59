import { below, type WordSource } from './random-words.ts'

/** A copy of the list in a uniformly random order: Fisher–Yates from the end. */
export function shuffled<Item>(items: readonly Item[], nextWord: WordSource): Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1, nextWord)
    const moved = order[last]!
    order[last] = order[other]!
    order[other] = moved
  }
  return order
}
