/**
 * Size of a JSON value in bytes of UTF-8. Small values are only bounded from above, by a walk that builds no text;
 * a value whose bound is over `exactAboveBytes` is measured exactly. So a result of at most `exactAboveBytes` says
 * that the value surely fits, and a larger one is the truth.
 */
export function jsonBytes(value: object, exactAboveBytes: number): number {
  const bound = bytesAtMost(value)
  return bound <= exactAboveBytes ? bound : Buffer.byteLength(JSON.stringify(value))
}

/** A UTF-16 unit takes at most six bytes: `\u0000`. */
const bytesPerUnitMax = 6
const bytesPerNumberMax = 25

function bytesAtMost(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return bytesPerUnitMax * value.length + 2
    case 'number':
      return bytesPerNumberMax
    case 'object':
      return value === null ? 4 : Array.isArray(value) ? itemsAtMost(value) : fieldsAtMost(value)
    default:
      return 5
  }
}

function itemsAtMost(values: readonly unknown[]): number {
  let bytes = 2
  for (const value of values) bytes += 1 + bytesAtMost(value)
  return bytes
}

function fieldsAtMost(value: object): number {
  let bytes = 2
  // Messages are plain objects; what one might inherit only raises the bound. `Object.entries` takes three times as long.
  for (const key in value) {
    bytes += bytesPerUnitMax * key.length + 4 + bytesAtMost(value[key as keyof typeof value])
  }
  return bytes
}
