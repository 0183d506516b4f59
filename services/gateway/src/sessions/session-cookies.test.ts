import { describe, expect, it } from 'vitest'
import {
  clearCookie,
  cookieLimits,
  cookieName,
  isCookieValue,
  readCookie,
  setCookie,
} from './session-cookies.ts'

const name = cookieName('staff', 'access', 'encrypted')

describe('names of cookies', () => {
  it('promise what the line can keep', () => {
    expect(name).toBe('__Host-matchday-staff')
    expect(cookieName('players', 'renewal', 'local')).toBe('__Host-matchday-players-renewal')
    expect(cookieName('players', 'access', 'plain')).toBe('matchday-players')
    expect(cookieName('staff', 'renewal', 'plain')).toBe('matchday-staff-renewal')
  })
})

describe('reading a cookie', () => {
  it.each([
    ['alone', `${name}=a.b-c_d~e`, 'a.b-c_d~e'],
    ['among others', `x=1; ${name}=good; y=2`, 'good'],
    ['without spaces', `x=1;${name}=good;y=2`, 'good'],
    ['with more spaces', `x=1;   ${name} = good  ; y=2`, 'good'],
    ['beside its like', `matchday-staff=other; ${name}-renewal=renewal; ${name}=good`, 'good'],
    ['beside one that is no pair', `flag; ${name}=good; ;`, 'good'],
  ])('%s', (_, header, value) => expect(readCookie(header, name)).toBe(value))

  /** Quotes mean nothing in cookies (RFC 6265): what looks as if it were inside of them is one of its own. */
  it('does not read quotes', () => expect(readCookie(`a="x; ${name}=good; b="`, name)).toBe('good'))

  /** What somebody may try who can put cookies into the browser, or characters into one of them. */
  it.each([
    ['nothing', undefined],
    ['no such one', 'x=1'],
    ['an empty one', `${name}=`],
    ['a name alone', name],
    ['the same twice', `${name}=good; ${name}=good`],
    ['one of somebody else first', `${name}=evil; ${name}=good`],
    ['one of somebody else behind', `${name}=good; ${name}=evil`],
    ['an empty one behind', `${name}=good; ${name}=`],
    ['a name alone behind', `${name}=good; ${name}`],
    ['one in quotes', `${name}="good"`],
    ['one at the end of quotes', `a="x; ${name}=evil"`],
    ['one inside of quotes, and the real one', `a="x; ${name}=evil"; ${name}=good`],
    ['another case', '__host-matchday-staff=good'],
    ['another prefix', '__Secure-matchday-staff=good'],
    ['no prefix', 'matchday-staff=good'],
    ['a space in the name', '__Host- matchday-staff=good'],
    ['a name that begins so', `${name}x=good`],
    ['a name that ends so', `x${name}=good`],
    ['the name in a value', `x=${name}=good`],
    ['a value with a space', `${name}=go od`],
    ['a value with a comma', `${name}=good,evil`],
    ['a value with a line break', `${name}=good\r\nset-cookie: a=b`],
    ['a value with a NUL', `${name}=good\u0000`],
    ['a value in Latin-1', `${name}=g\u00f6od`],
    ['an encoded value', `${name}=go%6fd`],
    ['a value with =', `${name}=good=`],
    ['a value of 3 KiB', `${name}=${'a'.repeat(3 * 1_024)}`],
    ['200 cookies', `${'a=b; '.repeat(200)}${name}=good`],
    ['a header of 20 KiB', `${name}=good; a=${'x'.repeat(20 * 1_024)}`],
  ])('is not fooled by %s', (_, header) => expect(readCookie(header, name)).toBeUndefined())
})

describe('setting a cookie', () => {
  it('keeps it from scripts, from other sites, and from plain lines where that is promised', () => {
    expect(setCookie(name, 'token', 600)).toBe(
      '__Host-matchday-staff=token; Path=/; Max-Age=600; HttpOnly; SameSite=Strict; Secure',
    )
    expect(setCookie('matchday-staff', 'token', 599.9)).toBe(
      'matchday-staff=token; Path=/; Max-Age=599; HttpOnly; SameSite=Strict',
    )
    expect(clearCookie(name)).toBe(
      '__Host-matchday-staff=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure',
    )
    expect(setCookie(name, 'x', -5)).toContain('Max-Age=0')
    expect(setCookie(name, 'x', 1e12)).toContain(`Max-Age=${cookieLimits.ageSMax}`)
  })

  it('takes no value that could become more than a value', () => {
    for (const bad of ['a; Domain=evil', 'a\r\nb', '', 'a,b', 'a b', 'ä', 7, null])
      expect(isCookieValue(bad)).toBe(false)
    expect(isCookieValue('01a1f0c2-9d5e.A_b~c')).toBe(true)
  })
})
