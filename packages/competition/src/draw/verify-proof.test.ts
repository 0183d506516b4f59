import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitmentOf } from './commitment.ts'
import { createProof } from './create-proof.ts'
import { draw } from './draw.ts'
import type { DrawMode } from './draw-input.ts'
import type { DrawProof } from './proof.ts'
import { entrantsWhoPicked, seedNumber } from './testing/entrants.ts'
import { PROOF_CHECKS, type ProofCheck, verifyProof } from './verify-proof.ts'

const picks = ['Ajax', 'Bayern München', 'Celtic', 'Dynamo', 'Everton', 'Ajax', 'Celtic', 'Feyenoord']
const entrants = entrantsWhoPicked(...picks).map((entrant, index) => ({
  ...entrant,
  name: `Player ${index}`,
  contribution: index === 2 ? null : seedNumber(1_000 + index),
}))

function proofOf(mode: DrawMode = 'derangement', over: Partial<DrawProof> = {}): DrawProof {
  return { ...createProof({ tournamentId: 't1', attempt: 1, mode, seed: seedNumber(7), entrants }), ...over }
}

/** A third draw after two that were declared void. */
function redrawn(): DrawProof {
  const first = createProof({ tournamentId: 't1', attempt: 1, mode: 'any', seed: seedNumber(1), entrants })
  const second = createProof(
    { tournamentId: 't1', attempt: 2, mode: 'any', seed: seedNumber(2), entrants },
    { voided: [{ reason: 'The projector was off', proof: first }] },
  )
  const { voided = [], ...attempt } = second
  return createProof(
    { tournamentId: 't1', attempt: 3, mode: 'any', seed: seedNumber(3), entrants },
    { voided: [...voided, { reason: 'Wrong mode', proof: attempt }] },
  )
}

const failedChecks = (...given: Parameters<typeof verifyProof>): ProofCheck[] =>
  verifyProof(...given)
    .checks.filter(({ ok }) => !ok)
    .map(({ check }) => check)

describe('a true proof', () => {
  test.each(['any', 'derangement', 'keep'] as const)(
    'in mode %s passes, also after its way as JSON',
    (mode) => {
      const verification = verifyProof(JSON.parse(JSON.stringify(proofOf(mode))))
      expect(verification.checks.filter(({ ok }) => !ok)).toEqual([])
      expect(verification.ok).toBe(true)
      expect(verification.checks.map(({ check }) => check)).toEqual(PROOF_CHECKS.slice(0, 7))
    },
  )

  test('passes with all that a device remembered', () => {
    const verification = verifyProof(proofOf(), {
      tournamentId: 't1',
      mode: 'derangement',
      commitment: commitmentOf(seedNumber(7)),
      contribution: { playerId: 'p1', contribution: seedNumber(1_001) },
    })
    expect(verification.checks.map(({ check }) => check)).toEqual(PROOF_CHECKS)
    expect(verification.ok).toBe(true)
  })

  test('may be made from a stored result, and tells no more about players than the format has', () => {
    const input = { tournamentId: 't1', attempt: 1, mode: 'any', seed: seedNumber(7) } as const
    const talkative = entrants.map((entrant) => ({ ...entrant, playerToken: 'secret' }))
    const proof = createProof(
      { ...input, entrants: talkative },
      { assignments: draw({ ...input, entrants }) },
    )
    expect(proof).toEqual(proofOf('any'))
    expect(JSON.stringify(proof)).not.toContain('secret')
  })

  test('names are labels: another name changes nothing', () => {
    const renamed = entrants.map((entrant) => ({ ...entrant, name: 'Somebody else' }))
    expect(verifyProof(proofOf('any', { entrants: renamed })).ok).toBe(true)
  })
})

describe('what a device remembered and the proof does not say', () => {
  test.each([
    ['remembered-tournament', { tournamentId: 't2' }],
    ['remembered-mode', { mode: 'any' }],
    ['remembered-commitment', { commitment: commitmentOf(seedNumber(8)) }],
    ['remembered-contribution', { contribution: { playerId: 'p1', contribution: seedNumber(1) } }],
    ['remembered-contribution', { contribution: { playerId: 'p2', contribution: seedNumber(1) } }],
    ['remembered-contribution', { contribution: { playerId: 'p1', contribution: null } }],
    ['remembered-contribution', { contribution: { playerId: 'gone', contribution: null } }],
  ] as const)('%s', (check, remembered) => {
    expect(failedChecks(proofOf(), remembered)).toEqual([check])
  })
})

describe('a lie', () => {
  const swapped = (proof: DrawProof, left: number, right: number) => ({
    assignments: proof.assignments
      .with(left, { ...proof.assignments[left]!, team: proof.assignments[right]!.team })
      .with(right, { ...proof.assignments[right]!, team: proof.assignments[left]!.team }),
  })
  const honest = proofOf('any')
  const other = proofOf('any', { seed: seedNumber(8) })
  const without = entrants.slice(1)

  test.each<[string, DrawProof, ProofCheck[]]>([
    ['another seed', other, ['commitment', 'assignments']],
    [
      'another seed with its own commitment',
      { ...other, commitment: commitmentOf(other.seed) },
      ['assignments'],
    ],
    ['two teams exchanged', { ...honest, ...swapped(honest, 0, 1) }, ['assignments']],
    [
      'a team nobody picked',
      { ...honest, assignments: honest.assignments.with(0, { playerId: 'p0', team: 'Genoa' }) },
      ['permutation', 'assignments'],
    ],
    ['nobody drawn', { ...honest, assignments: [] }, ['permutation', 'assignments']],
    [
      'a player more',
      { ...honest, assignments: [...honest.assignments, { playerId: 'p8', team: 'Ajax' }] },
      ['permutation', 'assignments'],
    ],
    ['a player less', { ...honest, entrants: without }, ['entrants-hash', 'permutation', 'assignments']],
    ['a rule broken', { ...proofOf('keep'), mode: 'derangement' }, ['mode-rule', 'assignments']],
    ['keep that does not keep', { ...honest, mode: 'keep' }, ['mode-rule', 'assignments']],
    ['a derangement that cannot be', createProofOfKeptPair(), ['mode-rule', 'assignments']],
  ])('%s', (_, proof, failed) => {
    expect(failedChecks(proof)).toEqual(failed)
  })

  function createProofOfKeptPair(): DrawProof {
    const pair = entrantsWhoPicked('A', 'A')
    const input = {
      tournamentId: 't1',
      attempt: 1,
      mode: 'keep',
      seed: seedNumber(7),
      entrants: pair,
    } as const
    return { ...createProof(input), mode: 'derangement' }
  }

  test('any one flipped bit of the seed, commitment, hash, list or assignments', () => {
    const text = JSON.stringify(proofOf('derangement', { entrants: entrants.map(withoutName) }))
    const positions = Array.from(text, (_, index) => index)
    for (const position of positions) {
      const flipped = String.fromCharCode(text.charCodeAt(position) ^ 1)
      const changed = text.slice(0, position) + flipped + text.slice(position + 1)
      expect(verifyProof(parsedOrNull(changed)).ok, `byte ${position}: ${changed}`).toBe(false)
    }
  })

  function withoutName({ playerId, pick, contribution }: (typeof entrants)[number]) {
    return { playerId, pick, contribution }
  }
})

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

describe('redraws', () => {
  test('show every earlier draw, each checked', () => {
    const verification = verifyProof(redrawn())
    expect(verification.ok).toBe(true)
    expect(redrawn().voided?.map(({ proof }) => proof.attempt)).toEqual([1, 2])
  })

  const [first, second] = redrawn().voided!
  const otherwise = (over: object) => ({ ...redrawn(), voided: [first!, { ...second!, ...over }] })
  test.each<[string, object]>([
    ['none shown', { ...redrawn(), voided: undefined }],
    ['one left out', { ...redrawn(), voided: [second!] }],
    ['the first one left out', { ...redrawn(), voided: [first!, first!] }],
    ['the wrong order', { ...redrawn(), voided: [second!, first!] }],
    ['one shown before the first draw', proofOf('any', { voided: [first!] })],
    ['a false one', otherwise({ proof: { ...second!.proof, seed: seedNumber(9) } })],
    ['one of another tournament', otherwise({ proof: attemptOf('t2', 2, seedNumber(9)) })],
    ['a seed used twice', otherwise({ proof: attemptOf('t1', 2, seedNumber(1)) })],
  ])('%s', (_, proof) => {
    expect(failedChecks(proof)).toEqual(['voided-attempts'])
  })

  test('need a reason', () => {
    expect(failedChecks(otherwise({ reason: ' ' }))).toEqual(['format'])
  })

  test('cannot be made without the earlier draws', () => {
    const input = { tournamentId: 't1', attempt: 2, mode: 'any', seed: seedNumber(2), entrants } as const
    expect(() => createProof(input)).toThrow(RangeError)
    expect(() => createProof(input, { voided: [second!] })).toThrow(RangeError)
  })

  function attemptOf(tournamentId: string, attempt: number, seed: string) {
    const input = { tournamentId, attempt, mode: 'any', seed, entrants } as const
    const earlier = { reason: 'x', proof: createProof({ ...input, attempt: 1, seed: seedNumber(1) }) }
    const { voided: _, ...proof } = createProof(input, { voided: [earlier] })
    return proof
  }
})

describe('whatever it is given', () => {
  const throwing = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('hostile')
      },
    },
  )
  const circular: Record<string, unknown> = { ...proofOf() }
  circular.voided = [{ reason: 'x', proof: circular }]
  const large = Array<object>(5_000_000)

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', JSON.stringify(proofOf())],
    ['a list', [proofOf()]],
    ['a function', () => proofOf()],
    ['a proxy that throws', throwing],
    [
      'a field that throws',
      Object.defineProperty({ ...proofOf() }, 'seed', { get: () => throwing, enumerable: true }),
    ],
    ['a circle', circular],
    ['millions of entrants', { ...proofOf(), entrants: large }],
    ['millions of assignments', { ...proofOf(), assignments: large }],
    ['millions of redraws', { ...proofOf(), voided: large }],
    ['lists with holes', { ...proofOf(), entrants: Array<object>(3) }],
    ['a text as long as a book', { ...proofOf(), tournamentId: 'x'.repeat(10_000_000) }],
    ['no attempt at all', { ...proofOf(), attempt: Number.NaN }],
    ['a mode from the prototype', { ...proofOf(), mode: 'toString' }],
    ['another format', { ...proofOf(), format: 'matchday-draw-v2' }],
    ['a field that nobody checks', { ...proofOf(), remark: 'trust me' }],
    ['a field less', { ...proofOf(), seed: undefined }],
    ['the same player twice', { ...proofOf(), entrants: [entrants[0]!, entrants[0]!] }],
  ])('%s: says no, does not throw', (_, document) => {
    expect(failedChecks(document)).toEqual(['format'])
  })

  test('any JSON, and any mixture of it with a true proof', () => {
    const key = fc.constantFrom(...Object.keys(proofOf()), 'voided')
    fc.assert(
      fc.property(fc.jsonValue(), key, (value, field) => {
        expect(verifyProof(value).ok).toBe(false)
        const mixed = { ...proofOf(), [field]: value }
        const isUnchanged = field === 'voided' && JSON.stringify(value) === '[]'
        const isAttemptOne = field === 'attempt' && value === 1
        expect(verifyProof(mixed).ok).toBe(isUnchanged || isAttemptOne)
      }),
    )
  })

  test('the costliest document is answered in bounded time', () => {
    const picks = Array.from({ length: 256 }, (_, index) => `Team ${index % 3}`)
    const input = { tournamentId: 't', attempt: 1, mode: 'derangement', seed: seedNumber(1) } as const
    const proof = createProof({ ...input, entrants: entrantsWhoPicked(...picks) })
    const startedAt = performance.now()
    expect(verifyProof(proof).ok).toBe(true)
    expect(performance.now() - startedAt).toBeLessThan(8_000)
  })
})
