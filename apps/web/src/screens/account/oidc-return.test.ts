import { expect, test } from 'vitest'
import { pathAfterOidc } from './oidc-return.ts'

test('after another service one goes on where one was, and never to another site', () => {
  const after = (path: string) => pathAfterOidc({ handle: 'h', path }, '/office')
  expect(after('/office/account')).toBe('/office/account')
  for (const path of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', ''])
    expect(after(path), path).toBe('/office')
})
