import { expect, it } from 'vitest'
import { createNameKeys } from './name-keys.ts'
import { otherTournamentId, tournamentId } from './testing/people.ts'

it('a name has one key in a tournament, which tells nothing of it without the secret', () => {
  const [secret, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const key = createNameKeys(secret)(tournamentId, 'ann\tsmith')
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(createNameKeys(secret)(tournamentId, 'ann\tsmith')).toBe(key)
  for (const different of [
    createNameKeys(secret)(tournamentId, 'anns\tmith'),
    createNameKeys(secret)(otherTournamentId, 'ann\tsmith'),
    createNameKeys(other)(tournamentId, 'ann\tsmith'),
  ]) {
    expect(different).not.toBe(key)
  }
})
