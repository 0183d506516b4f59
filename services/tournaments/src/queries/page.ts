import { pageSizeMax } from '@matchday/contracts'

const pageSizeDefault = 50

/** How many items a page has. */
export function pageSize(limit: number | undefined): number {
  return Math.min(limit ?? pageSizeDefault, pageSizeMax)
}

/** A page of items that were looked up with one more than fits, which tells whether there is another. */
export function pageOf<Item>(
  items: readonly Item[],
  size: number,
  cursorOf: (item: Item) => string,
): { items: Item[]; next: string | null } {
  const page = items.slice(0, size)
  const last = page.at(-1)
  return { items: page, next: items.length > size && last !== undefined ? cursorOf(last) : null }
}

/** Of a list in memory that stands in the order of a number. A cursor that is none leads to nothing. */
export function pageAfter<Item>(
  items: readonly Item[],
  { after, limit }: { readonly after?: string; readonly limit?: number },
  numberOf: (item: Item) => number,
): { items: Item[]; next: string | null } {
  const size = pageSize(limit)
  const from = after === undefined ? -1 : Number(after)
  const rest = items.filter((item) => numberOf(item) > from)
  return pageOf(rest, size, (item) => String(numberOf(item)))
}
