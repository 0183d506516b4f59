import { randomUUID } from 'node:crypto'
import {
  type Bus,
  type Clock,
  type Json,
  type JsonObject,
  type Log,
  limitsChannel,
  topicOfChannel,
} from '@matchday/kernel'
import { AddressBudget, type Bounds } from './address-budget.ts'
import { sharingLimits } from './http-limits.ts'

export type SharedBudgets = {
  /** The budget of that name; the same for whoever asks for it again. */
  budget(name: string, bounds: Bounds): AddressBudget
  close(): void
}

/** Budgets of this process alone. */
export function createOwnBudgets(clock: Clock): SharedBudgets {
  const budgets = new Map<string, AddressBudget>()
  return {
    budget: (name, bounds) => getOrMake(budgets, name, () => new AddressBudget(bounds, clock)),
    close() {},
  }
}

/**
 * Budgets that all gateways share. Each counts by itself and whispers to the others what was used at it. A message
 * that gets lost, or a bus that is down, makes a limit wider for a moment, and nobody waits for anybody.
 */
export function createSharedBudgets(parts: {
  bus: Pick<Bus, 'whisper' | 'subscribeWhispers'>
  clock: Clock
  log: Log
}): SharedBudgets {
  const { bus, clock, log } = parts
  /** The bus brings our own messages back, too. */
  const self = randomUUID()
  const budgets = new Map<string, AddressBudget>()
  /** budget → address → uses that the others don't know of. */
  let untold = new Map<string, Map<string, number>>()
  let untoldTotals = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let isTellingSoon = false

  function used(name: string, bounds: Bounds, address: string): void {
    const ofBudget = getOrMake(untold, name, () => new Map<string, number>())
    const count = (ofBudget.get(address) ?? 0) + 1
    ofBudget.set(address, count)
    const total = (untoldTotals.get(name) ?? 0) + 1
    untoldTotals.set(name, total)
    const { tellAtPart, entriesMax } = sharingLimits
    const isMuch = count >= bounds.perAddress * tellAtPart || total >= bounds.total * tellAtPart
    if (isMuch || ofBudget.size >= entriesMax) tellSoon()
    else timer ??= setTimeout(tell, sharingLimits.tellMs).unref()
  }

  function tellSoon(): void {
    if (isTellingSoon) return
    isTellingSoon = true
    setImmediate(tell)
  }

  function tell(): void {
    clearTimeout(timer)
    timer = undefined
    isTellingSoon = false
    const entries = [...untold].flatMap(([name, addresses]) =>
      [...addresses].map(([address, count]) => [name, address, count] as const),
    )
    untold = new Map()
    untoldTotals = new Map()
    for (let from = 0; from < entries.length; from += sharingLimits.entriesMax) {
      const value = { used: entries.slice(from, from + sharingLimits.entriesMax) }
      bus.whisper({ channel: limitsChannel, type: 'used', key: self, value })
    }
  }

  function hear(key: string, value: JsonObject): void {
    if (key === self) return
    if (!Array.isArray(value.used)) return void log.warn('a message about limits that is none')
    for (const entry of value.used.slice(0, sharingLimits.entriesMax)) {
      const [name, address, count] = usedIn(entry) ?? []
      // A newer gateway may have limits that this one doesn't know.
      if (name !== undefined && address !== undefined && count !== undefined) {
        budgets.get(name)?.usedElsewhere(address, count)
      }
    }
  }

  const subscription = bus.subscribeWhispers(topicOfChannel(limitsChannel), ({ key, value }) =>
    hear(key, value),
  )
  return {
    budget: (name, bounds) =>
      getOrMake(
        budgets,
        name,
        () => new AddressBudget(bounds, clock, (address) => used(name, bounds, address)),
      ),
    close() {
      subscription.close()
      clearTimeout(timer)
    },
  }
}

function usedIn(entry: Json): readonly [name: string, address: string, count: number] | null {
  if (!Array.isArray(entry)) return null
  const [name, address, count] = entry
  if (typeof name !== 'string' || typeof address !== 'string' || typeof count !== 'number') return null
  return address.length <= sharingLimits.addressLengthMax && Number.isSafeInteger(count) && count > 0
    ? [name, address, count]
    : null
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
