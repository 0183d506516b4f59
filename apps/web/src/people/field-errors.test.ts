import { expect, test } from 'vitest'
import { isWebAddress } from './field-errors.ts'

test('a web address leads to the web, and carries nobody’s password', () => {
  for (const address of ['https://riverside.example', 'http://a.example/b?c=d#e', 'HTTPS://A.example:8443'])
    expect(isWebAddress(address), address).toBe(true)
  for (const address of [
    'riverside.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
    'https:///etc',
    'https://ana:secret@a.example',
    'https://a.example/ b',
    'ftp://a.example',
  ])
    expect(isWebAddress(address), address).toBe(false)
})
