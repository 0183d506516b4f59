import type { Append } from './port.ts'

/**
 * Parts a batch so that no two appends of one part touch the same stream, claim or answer, and each comes
 * after those before it that it shares something with: then the first one wins, exactly as if each were
 * alone. Nearly always it is one part.
 */
export function waves<Item extends { readonly append: Append }>(
  items: readonly Item[],
  appendsMax: number,
): Item[][] {
  const parts: Item[][] = []
  const lastTouchedIn = new Map<string, number>()
  for (const item of items) {
    const touched = touches(item.append)
    let part = 0
    for (const key of touched) part = Math.max(part, (lastTouchedIn.get(key) ?? -1) + 1)
    while ((parts[part]?.length ?? 0) >= appendsMax) part += 1
    for (const key of touched) lastTouchedIn.set(key, part)
    const members = parts[part] ?? []
    members.push(item)
    parts[part] = members
  }
  return parts
}

function touches(append: Append): string[] {
  const keys = [`stream ${append.stream}`]
  for (const key of append.claims) keys.push(`claim ${key}`)
  for (const key of append.releases) keys.push(`claim ${key}`)
  for (const answer of append.answers) keys.push(`answer ${answer.id}`)
  return keys
}
