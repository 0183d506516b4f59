import { expect, test } from 'vitest'
import { linked } from './linked.ts'

const origin = 'http://localhost:3000'

test('addresses become links to this very server, with what stands behind the hash', () => {
  const text = 'Hello,\nopen http://192.168.1.20:3000/office/confirm#abc.DEF-1_2~3.\nBye'
  expect(linked(text, origin)).toEqual([
    { text: 'Hello,\nopen ', href: null },
    {
      text: 'http://192.168.1.20:3000/office/confirm#abc.DEF-1_2~3',
      href: 'http://localhost:3000/office/confirm#abc.DEF-1_2~3',
    },
    { text: '.\nBye', href: null },
  ])
})

test('nothing is lost, and nothing else becomes a link', () => {
  const text = 'javascript:alert(1) mailto:a@b.c (https://cup.example/x)'
  const pieces = linked(text, origin)
  expect(pieces.map((piece) => piece.text).join('')).toBe(text)
  expect(pieces.filter(({ href }) => href !== null)).toEqual([
    { text: 'https://cup.example/x', href: 'http://localhost:3000/x' },
  ])
  expect(linked('', origin)).toEqual([])
})
