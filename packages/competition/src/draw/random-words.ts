import { hmacSha256 } from '../hashing/hmac-sha256.ts'

/** Gives the next random 32-bit word, 0 to 2^32 - 1, of a stream that its key determines. */
export type WordSource = () => number

const BLOCK_BYTES = 32
const WORD_BITS = 32
const BLOCKS_MAX = 2 ** 32

/** A word is refused at most every second time, so that this many in a row cannot happen by chance. */
const REFUSALS_MAX = 1_000

/** The stream HMAC(key, 0), HMAC(key, 1), … with block numbers as 32-bit big endian, cut into words. */
export function randomWords(key: Uint8Array): WordSource {
  const blockNumber = new DataView(new ArrayBuffer(4))
  let block: DataView = new DataView(new ArrayBuffer(BLOCK_BYTES))
  let blocksMade = 0
  let offset = BLOCK_BYTES
  return () => {
    if (offset === BLOCK_BYTES) {
      if (blocksMade === BLOCKS_MAX) throw new Error('the stream of random words is used up')
      blockNumber.setUint32(0, blocksMade)
      block = new DataView(hmacSha256(key, new Uint8Array(blockNumber.buffer)).buffer)
      blocksMade += 1
      offset = 0
    }
    const word = block.getUint32(offset)
    offset += 4
    return word
  }
}

/**
 * A uniform whole number from 0 to bound - 1, for bounds from 1 to 2^32. Takes the top bits of one word and
 * refuses what is too large: a remainder (modulo) would favour small numbers. Bound 1 takes no word.
 */
export function below(bound: number, nextWord: WordSource): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** WORD_BITS) throw new RangeError('bound')
  if (bound === 1) return 0
  const shift = Math.clz32(bound - 1)
  for (let refusals = 0; refusals < REFUSALS_MAX; refusals++) {
    const value = nextWord() >>> shift
    if (value < bound) return value
  }
  throw new Error('the source of random words is stuck')
}

/** As `below`, for bounds of any size: as many words as the bits need, first word highest, top bits kept. */
export function bigBelow(bound: bigint, nextWord: WordSource): bigint {
  if (bound < 1n) throw new RangeError('bound')
  if (bound === 1n) return 0n
  const bits = (bound - 1n).toString(2).length
  const words = Math.ceil(bits / WORD_BITS)
  const shift = BigInt(words * WORD_BITS - bits)
  for (let refusals = 0; refusals < REFUSALS_MAX; refusals++) {
    let value = 0n
    for (let word = 0; word < words; word++) value = (value << 32n) | BigInt(nextWord())
    value >>= shift
    if (value < bound) return value
  }
  throw new Error('the source of random words is stuck')
}
