/**
 * Counting without listing: in how many ways can players be given copies of teams so that nobody gets the
 * team that he picked? Riordan's rook polynomials answer exactly. A polynomial is the list of its
 * coefficients, constant first; the constant of every polynomial here is 1.
 */
export type Polynomial = readonly bigint[]

/**
 * The ways to put k non-attacking rooks on a board of `pickers` rows and `copies` columns, for k = 0, 1, …:
 * C(pickers, k) C(copies, k) k!. Each rook is a player who would get his own team.
 */
export function rookPolynomial(pickers: number, copies: number): Polynomial {
  const coefficients = [1n]
  let ways = 1n
  for (let rooks = 0; rooks < Math.min(pickers, copies); rooks++) {
    ways = (ways * BigInt((pickers - rooks) * (copies - rooks))) / BigInt(rooks + 1)
    coefficients.push(ways)
  }
  return coefficients
}

export function multiply(left: Polynomial, right: Polynomial): Polynomial {
  const product = new Array<bigint>(left.length + right.length - 1).fill(0n)
  for (let row = 0; row < left.length; row++) {
    const factor = left[row]!
    for (let column = 0; column < right.length; column++) {
      product[row + column]! += factor * right[column]!
    }
  }
  return product
}

/** The quotient, where the divisor is known to be a factor. Needs no division, since its constant is 1. */
export function divideExactly(dividend: Polynomial, divisor: Polynomial): Polynomial {
  const quotient: bigint[] = []
  for (let power = 0; power <= dividend.length - divisor.length; power++) {
    let coefficient = dividend[power]!
    const terms = Math.min(power, divisor.length - 1)
    for (let term = 1; term <= terms; term++) coefficient -= divisor[term]! * quotient[power - term]!
    quotient.push(coefficient)
  }
  return quotient
}

/** 0!, 1!, … up to n!. */
export function factorialsUpTo(n: number): readonly bigint[] {
  const factorials = [1n]
  for (let factor = 1; factor <= n; factor++) factorials.push(factorials[factor - 1]! * BigInt(factor))
  return factorials
}

/**
 * The permutations of n that avoid a board with this rook polynomial, by inclusion and exclusion:
 * the sum over k of (-1)^k (n - k)! × the coefficient of x^k. Equal copies count as different.
 */
export function avoidingPermutations(
  board: Polynomial,
  players: number,
  factorials: readonly bigint[],
): bigint {
  let count = 0n
  for (let rooks = 0; rooks < board.length; rooks++) {
    const term = factorials[players - rooks]! * board[rooks]!
    count = rooks % 2 === 0 ? count + term : count - term
  }
  return count
}
