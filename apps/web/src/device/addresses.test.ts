import { expect, test } from 'vitest'
import { historyOf } from '../live/testing/example-history.ts'
import { joinAddress, publicAddress } from './addresses.ts'

const tournament = {
  ...historyOf([], 'any', 'unique').snapshots[0]!,
  joinUrl: 'http://192.168.1.20:3000/j/BCDFGH',
}
const laptop = { origin: 'http://localhost:3000', hostname: 'localhost' }
const phone = { origin: 'http://192.168.1.20:3000', hostname: '192.168.1.20' }
const behindProxy = { origin: 'https://cup.example', hostname: 'cup.example' }

test('the join address is the one that the server gives', () => {
  expect(joinAddress(tournament, laptop)).toEqual({
    url: 'http://192.168.1.20:3000/j/BCDFGH',
    shown: '192.168.1.20:3000/j',
  })
  expect(joinAddress({ ...tournament, joinUrl: '/j/BCDFGH' }, behindProxy).url).toBe(
    'https://cup.example/j/BCDFGH',
  )
})

test('an address for other devices never says localhost', () => {
  expect(publicAddress('/t/1', tournament, laptop)).toBe('http://192.168.1.20:3000/t/1')
  expect(publicAddress('/t/1', tournament, phone)).toBe('http://192.168.1.20:3000/t/1')
  expect(publicAddress('/t/1', tournament, behindProxy)).toBe('https://cup.example/t/1')
})
