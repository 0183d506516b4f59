type Waiting<Item, Outcome> = { item: Item; resolve(outcome: Outcome): void; reject(error: unknown): void }

/**
 * Brings what many callers want committed together: what waits goes along with the next commit, and nothing waits for
 * a timer. The same for every variant, so that only the commits differ.
 */
export function createGroupCommit<Item, Outcome>(
  commit: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  bounds: { readonly itemsMax: number; readonly inFlightMax: number },
): (item: Item) => Promise<Outcome> {
  const waiting: Waiting<Item, Outcome>[] = []
  let inFlight = 0
  let isWoken = false

  function wake(): void {
    if (isWoken) return
    isWoken = true
    queueMicrotask(() => {
      isWoken = false
      while (waiting.length > 0 && inFlight < bounds.inFlightMax) void run(waiting.splice(0, bounds.itemsMax))
    })
  }

  async function run(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    inFlight++
    try {
      const outcomes = await commit(group.map(({ item }) => item))
      group.forEach(({ resolve }, index) => {
        resolve(outcomes[index]!)
      })
    } catch (error) {
      for (const { reject } of group) reject(error)
    } finally {
      inFlight--
      wake()
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      wake()
    })
}
