import { createProof } from '@matchday/competition'
import type { PlayerId } from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import { expect, test } from 'vitest'
import { drawMemoryOf } from '../../device/draw-memory.ts'
import { checkProof, tamperedWith } from './check-proof.ts'

const own = newId<'player'>() satisfies PlayerId
const ownNumber = 'ab'.repeat(32)

function proofOf(tournamentId = newId<'tournament'>(), contribution = ownNumber) {
  const entrants = [
    { playerId: own, name: 'Ana Silva', pick: 'Ajax', contribution },
    { playerId: newId<'player'>(), name: 'Ben Roth', pick: 'PSG', contribution: null },
    { playerId: newId<'player'>(), name: 'Caro Lind', pick: 'Celtic', contribution: null },
  ]
  const proof = createProof({ tournamentId, attempt: 1, mode: 'any', seed: 'cd'.repeat(32), entrants })
  return { tournamentId, proof }
}

function remember(id: ReturnType<typeof newId<'tournament'>>, commitment: string) {
  drawMemoryOf(id).set({
    mode: 'any',
    commitments: { 1: commitment },
    contributions: { 1: [ownNumber] },
    playerId: own,
  })
}

const failed = (document: unknown, id: string | null) =>
  checkProof(document, id)
    .verification.checks.filter(({ ok }) => !ok)
    .map(({ check }) => check)

test('a true proof is green, and this device’s own number is found in it', () => {
  const { tournamentId, proof } = proofOf()
  remember(tournamentId, proof.commitment)
  const checked = checkProof(proof, tournamentId)
  expect(checked.verification.ok).toBe(true)
  expect(checked.own).toEqual({ playerId: own, contribution: ownNumber })
  expect(checked.verification.checks.map(({ check }) => check)).toContain('remembered-contribution')
})

test('cheating shows: a changed digit, a swapped commitment, a left-out number, another tournament', () => {
  const { tournamentId, proof } = proofOf()
  remember(tournamentId, proof.commitment)
  expect(failed(tamperedWith(proof), tournamentId)).toContain('commitment')
  expect(failed(proof, newId())).toEqual(['remembered-tournament'])
  expect(failed(proofOf(tournamentId, '00'.repeat(32)).proof, tournamentId)).toContain(
    'remembered-contribution',
  )
  remember(tournamentId, 'ee'.repeat(32))
  expect(failed(proof, tournamentId)).toEqual(['remembered-commitment'])
})

test.each([
  ['nothing', null],
  ['a text', 'proof'],
  ['a list', []],
  ['half a proof', { attempt: 1, entrants: 'x' }],
])('%s is no proof, and is told so', (_, document) => {
  const checked = checkProof(document, null)
  expect(checked.proof).toBeNull()
  expect(checked.verification).toMatchObject({ ok: false, checks: [{ check: 'format', ok: false }] })
})
