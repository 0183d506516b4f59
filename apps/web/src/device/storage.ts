import { type Signal, signal } from '@preact/signals'

/** Everything that this device remembers has this in front of its key. */
const prefix = 'matchday.'
/** Used when the browser forbids storage (private mode): the page works until it is closed. */
const memory = new Map<string, string>()

function read(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}

function write(key: string, value: string | null): void {
  if (value === null) memory.delete(key)
  else memory.set(key, value)
  try {
    if (value === null) localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, value)
  } catch {
    // Full or forbidden: the memory above serves until the page is closed.
  }
}

/** Keys that begin with `start`. */
export function storedKeys(start: string): string[] {
  const keys = new Set([...memory.keys()])
  try {
    for (let index = 0; index < localStorage.length; index++) {
      const key = localStorage.key(index)
      if (key?.startsWith(prefix)) keys.add(key.slice(prefix.length))
    }
  } catch {
    // Forbidden: only the memory's own keys are known.
  }
  return [...keys].filter((key) => key.startsWith(start))
}

/** A value in this device's storage, followed by all tabs: a signal that a change in another tab updates. */
export type Stored<Value> = {
  readonly value: Signal<Value | null>
  set(value: Value | null): void
  fresh(): Value | null
}

const opened = new Map<string, Stored<unknown>>()

/**
 * Opens the value under `key`. What was written by an earlier version of the app, or by hand, and is not accepted by
 * `isValue` counts as absent.
 */
export function stored<Value>(key: string, isValue: (value: unknown) => value is Value): Stored<Value> {
  const known = opened.get(key)
  // One key always holds one kind of value: each key is built in one file only.
  if (known) return known as Stored<Value>
  const parse = (): Value | null => {
    try {
      const value: unknown = JSON.parse(read(key) ?? 'null')
      return isValue(value) ? value : null
    } catch {
      return null
    }
  }
  const current = signal(parse())
  const entry: Stored<Value> = {
    value: current,
    set: (value) => {
      write(key, value === null ? null : JSON.stringify(value))
      current.value = value
    },
    fresh: () => (current.value = parse()),
  }
  opened.set(key, entry)
  return entry
}

/** Follows what other tabs write. Called once, by main.tsx. */
export function followOtherTabs(): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === null) return // cleared: a page in use keeps what it has until it is closed
    if (!key.startsWith(prefix)) return
    if (newValue === null) memory.delete(key.slice(prefix.length))
    opened.get(key.slice(prefix.length))?.fresh()
  })
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
