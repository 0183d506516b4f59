import { isId } from '@matchday/contracts'

const pageSizeDefault = 50

export type PageInput = { readonly after?: string; readonly limit?: number }

/** Pages go by ids, newest first. What is no id is no place either: such a page begins at the start. */
export function pageBounds({ after, limit = pageSizeDefault }: PageInput): {
  readonly before: string | null
  readonly rowsMax: number
  readonly limit: number
} {
  // One more than asked for tells whether there is another page.
  return { before: isId(after) ? after : null, rowsMax: limit + 1, limit }
}

/** Cuts off the one too many, and says where the next page begins. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  idOf: (row: Row) => string,
  shown: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(shown),
    next: rows.length > limit && last !== undefined ? idOf(last) : null,
  }
}
