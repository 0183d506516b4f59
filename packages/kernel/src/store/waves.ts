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

/**
 * Of what kind a key is doesn't matter: if a claim were called like a stream, its append would come in a later part,
 * which is right too.
 */
function touches({ stream, claims, releases, answers }: Append): string[] {
  const keys = [stream, ...claims, ...releases]
  for (const answer of answers) keys.push(answer.id)
  return keys
}
