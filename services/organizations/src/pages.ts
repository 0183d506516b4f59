import { isId } from '@matchday/contracts'
import { type Rejection, reject } from '@matchday/kernel'

/**
 * Lists are paged by the id of the last item seen. It only says where to go on among rows that the caller may see
 * anyway: a foreign or invented one shows nobody anything else.
 */
export type PageInput = { readonly after?: string | undefined; readonly limit?: number | undefined }

const pageSizeDefault = 50

/** `null`: from the beginning. One row more than fits tells whether there is another page. */
export function pageOf({ after, limit = pageSizeDefault }: PageInput) {
  return { after: after ?? null, rowsMax: limit + 1 }
}

export function isCursor(after: unknown): boolean {
  return after === undefined || isId(after)
}

export function foreignCursor(): Rejection<'invalid-input'> {
  const message = 'Must be `next` of the page before.'
  return { ...reject('invalid-input'), fields: [{ path: '/query/after', code: 'format', message }] }
}

/** What is shown of the rows that were asked for with `rowsMax`. */
export function shownPage<Row, Item>(
  rows: readonly Row[],
  rowsMax: number,
  idOf: (row: Row) => string,
  show: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, rowsMax - 1)
  const last = shown.at(-1)
  return {
    items: shown.map(show),
    next: rows.length === rowsMax && last !== undefined ? idOf(last) : null,
  }
}
