import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitmentOf } from './commitment.ts'
import { createProof } from './create-proof.ts'
import { draw, drawKeyOf } from './draw.ts'
import { DRAW_MODES, type DrawMode, type Entrant } from './draw-input.ts'
import { entrantsHashOf, entrantsTextOf } from './entrants-hash.ts'
import { feasibility } from './feasibility.ts'
import type { DrawProof } from './proof.ts'
import { randomWords } from './random-words.ts'

type Vectors = {
  tournamentId: string
  seed: string
  commitment: string
  lists: Record<string, { entrants: Entrant[]; entrantsHash: string }>
  draws: { attempt: number; mode: DrawMode; list: string; key: string; words: string; teams: string[] }[]
}

const documentation = readFileSync(new URL('../../../../docs/draw.md', import.meta.url), 'utf8')
// The one cast: the block is ours, and every field of it is compared below.
const vectors = JSON.parse(/```json\n([^`]*)```/.exec(documentation)?.[1] ?? '{}') as Vectors

describe('the vectors in docs/draw.md', () => {
  test('cover every mode', () => {
    expect(new Set(vectors.draws.map(({ mode }) => mode))).toEqual(new Set(DRAW_MODES))
  })

  test('commitment and list hashes', () => {
    expect(commitmentOf(vectors.seed)).toBe(vectors.commitment)
    for (const { entrants, entrantsHash } of Object.values(vectors.lists)) {
      expect(entrantsHashOf(entrants)).toBe(entrantsHash)
    }
  })

  test.each(vectors.draws)('attempt $attempt, $mode, list $list', ({ attempt, mode, list, ...expected }) => {
    const { entrants } = vectors.lists[list]!
    const input = { tournamentId: vectors.tournamentId, attempt, mode, seed: vectors.seed, entrants }
    const key = drawKeyOf(input)
    expect(Buffer.from(key).toString('hex')).toBe(expected.key)
    const nextWord = randomWords(key)
    const words = Array.from({ length: 4 }, () => nextWord().toString(16).padStart(8, '0'))
    expect(words.join(' ')).toBe(expected.words)
    expect(draw(input).map(({ team }) => team)).toEqual(expected.teams)
  })

  test('the shell line hashes the text of the first list', () => {
    const { entrants } = vectors.lists.distinct!
    expect(entrantsTextOf(entrants.slice(0, 2))).toBe(
      `matchday-entrants-v1\nada\tAjax\t${'a1'.repeat(32)}\nben\tBayern München\t-\n`,
    )
  })
})

/**
 * From here on: a second way to draw, from docs/draw.md alone, on node:crypto, sharing nothing with the
 * code it checks. It counts the ways to finish by walking through them instead of by polynomials.
 */
function* independentWords(key: Buffer): Generator<number, never> {
  for (let number = 0; ; number++) {
    const block = createHmac('sha256', key)
      .update(Buffer.from([0, 0, 0, number]))
      .digest()
    for (let offset = 0; offset < 32; offset += 4) yield block.readUInt32BE(offset)
  }
}

function independentBelow(bound: number, words: Generator<number, never>): number {
  if (bound === 1) return 0
  const bits = (bound - 1).toString(2).length
  for (;;) {
    const value = Number.parseInt(words.next().value.toString(2).padStart(32, '0').slice(0, bits), 2)
    if (value < bound) return value
  }
}

function waysToFinish(players: readonly string[], copies: readonly string[]): number {
  const [pick, ...later] = players
  if (pick === undefined) return 1
  return copies.reduce(
    (ways, team, index) => (team === pick ? ways : ways + waysToFinish(later, copies.toSpliced(index, 1))),
    0,
  )
}

function independentTeams(mode: DrawMode, picks: string[], words: Generator<number, never>): string[] {
  if (mode === 'keep') return picks
  if (mode === 'derangement' && new Set(picks).size < picks.length) return servedInOrder(picks, words)
  for (;;) {
    const teams = [...picks]
    for (let i = teams.length - 1; i >= 1; i--) {
      const j = independentBelow(i + 1, words)
      ;[teams[i], teams[j]] = [teams[j]!, teams[i]!]
    }
    if (mode === 'any' || !teams.some((team, index) => team === picks[index])) return teams
  }
}

function servedInOrder(picks: string[], words: Generator<number, never>): string[] {
  let copies = [...picks]
  return picks.map((pick, index) => {
    const left = (team: string) => copies.filter((copy) => copy === team).length
    let ticket = independentBelow(waysToFinish(picks.slice(index), copies), words)
    const inOrder = [...new Set(picks)]
      .filter((team) => team !== pick && left(team) > 0)
      .sort((one, other) => left(other) - left(one) || picks.indexOf(one) - picks.indexOf(other))
    for (const team of inOrder) {
      const after = copies.toSpliced(copies.indexOf(team), 1)
      const weight = left(team) * waysToFinish(picks.slice(index + 1), after)
      if (ticket < weight) {
        copies = after
        return team
      }
      ticket -= weight
    }
    throw new Error('the documentation is wrong')
  })
}

function holdsIndependently(proof: DrawProof): boolean {
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
  const seed = Buffer.from(proof.seed, 'hex')
  const lines = proof.entrants.map((one) => `${one.playerId}\t${one.pick}\t${one.contribution ?? '-'}\n`)
  const entrantsHash = hash(`matchday-entrants-v1\n${lines.join('')}`)
  const key = createHmac('sha256', seed)
    .update(`matchday-draw-v1\n${proof.tournamentId}\n${proof.attempt}\n${proof.mode}\n${entrantsHash}\n`)
    .digest()
  const picks = proof.entrants.map(({ pick }) => pick)
  const teams = independentTeams(proof.mode, picks, independentWords(key))
  return (
    hash(seed) === proof.commitment &&
    entrantsHash === proof.entrantsHash &&
    proof.assignments.map(({ team }) => team).join('\n') === teams.join('\n')
  )
}

test('a second implementation, from the documentation alone, confirms every proof and no false one', () => {
  const hex32 = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
  const entrant = fc.record({
    playerId: fc.uuid(),
    pick: fc.constantFrom('Ajax', 'Bayern München', 'Celtic', '東京', 'E', 'F', 'G', 'H'),
    contribution: fc.option(hex32),
  })
  const entrants = fc.uniqueArray(entrant, { minLength: 2, maxLength: 7, selector: (one) => one.playerId })
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.constantFrom(...DRAW_MODES),
      hex32,
      entrants,
      (tournamentId, mode, seed, list) => {
        const picks = list.map(({ pick }) => pick)
        fc.pre(feasibility(mode, picks).feasible)
        const proof = createProof({ tournamentId, attempt: 1, mode, seed, entrants: list })
        expect(holdsIndependently(proof)).toBe(true)
        const [first, ...others] = proof.assignments
        const forged = [{ playerId: first!.playerId, team: 'Genoa' }, ...others]
        expect(holdsIndependently({ ...proof, assignments: forged })).toBe(false)
      },
    ),
    { numRuns: 300 },
  )
})
