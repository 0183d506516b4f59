import { readFileSync } from 'node:fs'
import type { Caller, Policy } from '@matchday/contracts'
import { newId, policies } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { fittingName, sessionEnd } from './account.ts'
import { isAllowed } from './allowed.ts'
import { mailKinds, mailText } from './mail-texts.ts'
import { contextWords, newPasswordProblem } from './password-rules.ts'
import { type RenewedSession, renewal } from './renewal.ts'
import { nextTryAt } from './resend.ts'

const owner = { email: 'ada.lovelace@example.org', firstName: 'Ada', lastName: 'Lovelace' }
const now = new Date('2025-06-01T12:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)

describe('a new password', () => {
  const known = new Set(['123456', 'hunter', 'mustang'])
  const problem = (password: string, realm: 'staff' | 'players' = 'players') =>
    newPasswordProblem(password, realm, owner, (text) => known.has(text))

  it('is long enough for its realm', () => {
    expect(problem('8letters')).toBeUndefined()
    expect(problem('7letter')).toBe('too-short')
    expect(problem('fourteen chars', 'staff')).toBe('too-short')
    expect(problem('fifteen letters', 'staff')).toBeUndefined()
    expect(problem('x y'.repeat(43))).toBe('too-long')
  })

  it('is not one that everybody knows, in any case, or several times over', () => {
    for (const password of ['hunterhunter', 'MustangMustang', '123456123456', 'zzzzzzzz']) {
      expect(problem(password), password).toBe('known')
    }
    expect(problem('huntermustang')).toBeUndefined()
  })

  it('is not one that everybody knows, made long by digits, marks, or a part of itself', () => {
    for (const password of [
      'hunter123456789',
      '!!!Mustang!!!',
      '2026-hunter-2026',
      'HunterHunterHunt',
      'mustangmustangmus',
      '123456123456123',
      '12121212121',
    ]) {
      expect(problem(password), password).toBe('known')
    }
    for (const password of ['hunter goes fishing', 'mustang, 7 of them', 'a hunter in 2026']) {
      expect(problem(password), password).toBeUndefined()
    }
  })

  it('is no name or address of its owner', () => {
    for (const password of [
      'ada.lovelace@example.org',
      'Ada Lovelace',
      'lovelace-ada',
      'LOVELACE',
      'ada_lovelace',
      'lovelacelovelace',
      'Matchday',
      'match-day',
      'matchday2026!!!',
      '007 Lovelace 007',
    ]) {
      expect(problem(password), password).toBe('personal')
    }
    expect(problem('ada loves lace')).toBeUndefined()
    // Of some nothing is left without digits, which is no word of theirs.
    const digits = { email: '1234@example.org', firstName: '7', lastName: '8' }
    expect(newPasswordProblem('31415926', 'players', digits, () => false)).toBeUndefined()
  })
})

it('words of the house that make no password are those that SECURITY.md lists', () => {
  const page = readFileSync(new URL('../../../../SECURITY.md', import.meta.url), 'utf8')
  const [, listed = ''] = page.match(/these words of the house: (.*)\.$/m) ?? []
  expect(listed.split(' ')).toEqual(contextWords.map((word) => `\`${word}\``))
})

describe('a session', () => {
  it('ends when it was not used, or is old, whichever comes first', () => {
    const day = 24 * 60 * 60_000
    expect(sessionEnd('staff', now, now)).toEqual(later(7 * day))
    expect(sessionEnd('staff', now, later(29 * day))).toEqual(later(30 * day))
    expect(sessionEnd('players', now, now)).toEqual(later(90 * day))
    expect(sessionEnd('players', now, later(360 * day))).toEqual(later(365 * day))
  })

  const session: RenewedSession = { rotation: 5, rotatedAt: now, expiresAt: later(60_000) }
  const latest = { rotation: 5, isGenuine: true, isLatest: true }
  const token = (rotation: number, isGenuine = true) => ({ rotation, isGenuine, isLatest: false })
  it.each([
    ['its latest token', latest, 0, 'rotate'],
    ['the one before, in time', token(4), 10_000, 'repeat'],
    ['the one before, late', token(4), 10_001, 'reuse'],
    ['an older one', token(3), 0, 'reuse'],
    ['an older one that was never given', token(3, false), 0, 'refuse'],
    ['the one before, never given', token(4, false), 0, 'refuse'],
    ['one of the future', token(6), 0, 'refuse'],
    ['one of this rotation that is not the one', token(5), 0, 'refuse'],
    ['its latest token, too late', latest, 60_000, 'refuse'],
    ['an older one, too late', token(3), 60_000, 'refuse'],
  ] as const)('shown %s', (_what, shown, afterMs, found) => {
    expect(renewal(session, shown, later(afterMs))).toBe(found)
  })
})

describe('mails', () => {
  it('are in two languages, with the link in a line of its own, and nothing that somebody typed', () => {
    const link = 'https://matchday.test/office/confirm#token'
    for (const kind of mailKinds) {
      const english = mailText(kind, 'en', link)
      const german = mailText(kind, 'de', link)
      expect(english.subject).not.toBe(german.subject)
      for (const { subject, text } of [english, german]) {
        expect(subject).not.toMatch(/[\r\n]/)
        if (kind !== 'known-address') expect(text.split('\n')).toContain(link)
        expect(text).not.toContain('{')
      }
    }
  })

  it('are tried again, later each time', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 50].map(
      (tries) => (nextTryAt(tries, now).getTime() - now.getTime()) / 1_000,
    )
    expect(waits).toEqual([10, 30, 60, 300, 900, 3_600, 3_600, 3_600])
  })
})

describe('names that another service tells', () => {
  it('are made to fit, or left out', () => {
    expect(fittingName('  Ada ')).toBe('Ada')
    expect([...fittingName('x'.repeat(200))!]).toHaveLength(60)
    for (const told of ['', '   ', 'a\u202eb', 'a\nb', 7, null, undefined, {}])
      expect(fittingName(told)).toBeNull()
  })
})

describe('policies', () => {
  const session = { accountId: newId<never>(), sessionId: newId<'session'>() }
  const callers: Record<string, Caller> = {
    anyone: { kind: 'anyone' },
    organizer: { kind: 'organizer', tournamentId: newId<'tournament'>() },
    player: { kind: 'player', tournamentId: newId<'tournament'>(), playerId: newId<'player'>(), pass: 1 },
    staff: { kind: 'staff', ...session },
    admin: { kind: 'staff', ...session, platformRole: 'admin' },
    superadmin: { kind: 'staff', ...session, platformRole: 'superadmin' },
    playerAccount: { kind: 'player-account', ...session },
    key: { kind: 'key', keyId: newId<'api-key'>(), organizationId: newId<'organization'>(), scopes: [] },
    service: { kind: 'service', service: 'tests' },
  }
  const everybody = Object.keys(callers)
  const allowed = (policy: Policy, realm: 'staff' | 'players') =>
    everybody.filter((name) => isAllowed(policy, callers[name]!, realm))

  it('let in exactly whom they name, in each realm', () => {
    const table = Object.fromEntries(
      Object.keys(policies).map((policy) => [
        policy,
        [allowed(policy as Policy, 'staff'), allowed(policy as Policy, 'players')],
      ]),
    )
    const nobody = [[], []]
    expect(table).toEqual({
      anyone: [everybody, everybody],
      local: [everybody, everybody],
      staff: [['staff', 'admin', 'superadmin'], []],
      owner: [['staff', 'admin', 'superadmin'], []],
      // Of players, too, who have no administrators of their own.
      admin: [
        ['admin', 'superadmin'],
        ['admin', 'superadmin'],
      ],
      superadmin: [['superadmin'], []],
      'player-account': [[], ['playerAccount']],
      organizer: nobody,
      player: nobody,
      self: nobody,
      'organizer-or-self': nobody,
      support: nobody,
      manager: nobody,
    })
  })
})
