import { passwordLengthMin } from '@matchday/contracts'
import { dictionary } from '@zxcvbn-ts/language-common'
import { describe, expect, it } from 'vitest'
import { newPasswordProblem } from '../domain/password-rules.ts'
import { createPasswordHasher, HashingBusy } from './hasher.ts'
import { hashingLimits } from './hashing-limits.ts'
import { isKnownPassword } from './known-passwords.ts'

const cheap = { ...hashingLimits, memoryKib: 64, passes: 1 }

describe('hashing passwords', () => {
  it('is argon2id with at least 19 MiB, two passes and one lane', async () => {
    const hasher = createPasswordHasher(hashingLimits)
    const hash = await hasher.hash('a password')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await hasher.hash('a password')).not.toBe(hash)
    expect(await hasher.verify(hash, 'a password')).toBe(true)
    expect(await hasher.verify(hash, 'A password')).toBe(false)
  })

  it('does the same work where there is nothing to compare with, and never says yes', async () => {
    const hasher = createPasswordHasher(cheap)
    expect(await hasher.verify(null, 'a password')).toBe(false)
    expect(await hasher.verify(null, '')).toBe(false)
    expect(hasher.count).toBe(2)
  })

  it('notices hashes of less work, and keeps those of more', async () => {
    const today = createPasswordHasher({ ...cheap, memoryKib: 128, passes: 2 })
    const made = (limits: object) => createPasswordHasher({ ...cheap, ...limits }).hash('a password')
    expect(today.isOutdated(await made({ memoryKib: 128, passes: 2 }))).toBe(false)
    expect(today.isOutdated(await made({ memoryKib: 256, passes: 3 }))).toBe(false)
    expect(today.isOutdated(await made({ memoryKib: 64, passes: 2 }))).toBe(true)
    expect(today.isOutdated(await made({ memoryKib: 128, passes: 1 }))).toBe(true)
  })

  it('makes few at once, lets few wait, and refuses the rest without any work', async () => {
    const hasher = createPasswordHasher({ ...cheap, hashesAtOnceMax: 2, hashesWaitingMax: 3 })
    const results = await Promise.allSettled(Array.from({ length: 9 }, () => hasher.hash('a password')))
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(4)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(HashingBusy)
    expect(hasher.count).toBe(5)
    // All places are free again.
    await Promise.all(Array.from({ length: 5 }, () => hasher.hash('a password')))
  })
})

describe('known passwords', () => {
  it('are at least three thousand that are long enough for a player', () => {
    const list = dictionary['passwords-common'].filter(
      (password) => password.length >= passwordLengthMin.players,
    )
    expect(list.length).toBeGreaterThanOrEqual(3_000)
    expect(list.every(isKnownPassword)).toBe(true)
    for (const password of ['123456', 'password', 'iloveyou', '123456789qwerty']) {
      expect(isKnownPassword(password), password).toBe(true)
    }
    expect(isKnownPassword('correct horse battery staple')).toBe(false)
  })

  it('keep organisers’ people from three thousand that are long enough for them', () => {
    const nobody = { email: 'x@y.test', firstName: 'Xaver', lastName: 'Ypsilon' }
    const problem = (password: string) => newPasswordProblem(password, 'staff', nobody, isKnownPassword)
    // How people make a short one long enough: by digits behind it, or by itself.
    const words = dictionary['passwords-common'].filter((word) => /^\p{L}{4,14}$/u.test(word)).slice(0, 3_000)
    expect(words).toHaveLength(3_000)
    for (const word of words) {
      const digits = '123456789012345'.slice(0, passwordLengthMin.staff - word.length)
      expect(problem(`${word}${digits}`), word).toBe('known')
      expect(problem(word.repeat(4).slice(0, Math.max(15, 2 * word.length))), word).toBe('known')
    }
    expect(problem('correct horse battery staple')).toBeUndefined()
  })
})
