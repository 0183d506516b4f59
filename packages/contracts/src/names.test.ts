import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameKey, nameLengthMax, nameProblem, normalizeName } from './names.ts'

describe('a name', () => {
  it('is trimmed and composed', () => {
    expect(normalizeName('  Cafe\u0301 ')).toBe('Café')
  })

  it('has 1 to 60 (a person), 1 to 100 (a tournament) characters, counted as people count: code points', () => {
    for (const kind of ['person', 'tournament', 'team'] as const) {
      const max = nameLengthMax[kind]
      expect(nameProblem('🏆'.repeat(max), kind)).toBeUndefined()
      expect(nameProblem('🏆'.repeat(max + 1), kind)).toBe('too-long')
      expect(nameProblem(` ${'x'.repeat(max)} `, kind)).toBeUndefined()
      // Two code points become one when composed, so this one fits.
      expect(nameProblem('e\u0301'.repeat(max), kind)).toBeUndefined()
      expect(nameProblem('', kind)).toBe('empty')
    }
    expect(nameProblem(`a${'\u0336'.repeat(1_000)}`, 'person')).toBe('too-long')
  })

  it.each([
    ['a NUL', 'a\0b'],
    ['a line break', 'a\nb'],
    ['a C1 control', 'a\u0085b'],
    ['a lone surrogate', 'a\ud800b'],
    ['a line separator', 'a\u2028b'],
    ['text that turns the direction around it', 'abc\u202egnp.exe'],
    ['an isolate', 'a\u2066b'],
  ])('may not hold %s', (_, name) => {
    expect(nameProblem(name, 'person')).toBe('control-character')
  })

  it.each([['   '], ['\u200b\u200b'], ['\u00a0'], ['\u0301'], ['\u2060']])(
    '%j has nothing to see',
    (name) => {
      expect(nameProblem(name, 'person')).toBe('empty')
    },
  )

  it.each([['__proto__'], ['constructor'], ['O’Neill'], ['👩‍👩‍👧'], ['عمر'], ['李小龍'], ['<b>x</b>']])(
    '%s is fine',
    (name) => {
      expect(nameProblem(name, 'person')).toBeUndefined()
    },
  )
})

describe('the key of a name', () => {
  it.each([
    ['PSG', 'psg'],
    ['Atlético', 'ATLETICO'],
    ['Åse', 'ase'],
    ['Ｂａｙｅｒｎ', 'bayern'],
    ['P\u200bSG', 'PSG'],
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'ıstanbul'],
    ['Straße', 'STRASSE'],
    ['Real  Madrid', 'Real Madrid'],
    ['Cafe\u0301', 'Café'],
  ])('is the same for %s and %s', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other))
  })

  it.each([
    ['Ana', 'Anna'],
    ['PSG', 'P S G'],
    ['Team 1', 'Team 2'],
  ])('differs for %s and %s', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other))
  })

  it('is the same on the quick way of plain names', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'abIKSS019 .-_~!'), minLength: 1 })
    fc.assert(
      // With an invisible character in it, a name goes the long way.
      fc.property(plain, (name) => {
        expect(nameKey(name)).toBe(nameKey(`${name}\u200b`))
      }),
    )
  })

  it('does not change when taken again, nor with case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(nameKey(nameKey(name))).toBe(nameKey(name))
        expect(nameKey(name.normalize('NFD'))).toBe(nameKey(name.normalize('NFC')))
      }),
    )
  })
})
