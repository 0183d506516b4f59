import { expect, test } from 'vitest'
import { tokenFrom } from './fragment.ts'

test('a token is what a link of the server has behind its hash', () => {
  const token = '01a2200a-e783-7add-a821-e19fb6b40a9c.jsPY3aNaN-hKCkW4wQiFFn7_tKdknTa28qwI4uKwRJY'
  expect(tokenFrom(`#${token}`)).toBe(token)
  for (const hash of ['', '#', '#short', `#${token} `, `#<${token}>`, `#${'x'.repeat(201)}`])
    expect(tokenFrom(hash), hash).toBeNull()
})
