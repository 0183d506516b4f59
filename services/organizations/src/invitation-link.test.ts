import { newId, OneTimeToken } from '@matchday/contracts'
import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { invitationLink, invitationToken, tokenHash } from './invitation-link.ts'

const linkKey = new Uint8Array(32).fill(7)

it('a token follows from the id and the key, and from nothing less', () => {
  const id = newId<'invitation'>()
  const token = invitationToken(id, linkKey)
  expect(token).toBe(invitationToken(id, linkKey))
  expect(token).not.toBe(invitationToken(newId<'invitation'>(), linkKey))
  expect(token.slice(id.length)).not.toBe(invitationToken(id, new Uint8Array(32)).slice(id.length))
  expect(Value.Check(OneTimeToken, token)).toBe(true)
  // 256 bits in base64url, behind the id.
  expect(Buffer.from(token.slice(id.length + 1), 'base64url')).toHaveLength(32)
  expect(tokenHash(token)).toMatch(/^[0-9a-f]{64}$/)
})

it('stands in the part of the address that is sent to nobody', () => {
  const id = newId<'invitation'>()
  const link = invitationLink(id, {
    linkKey,
    publicAddress: () => 'https://cup.example',
    registration: 'open',
  })
  const { pathname, search, hash } = new URL(link)
  expect([pathname, search]).toEqual(['/invite', ''])
  expect(hash).toBe(`#${invitationToken(id, linkKey)}`)
})
