import { expect, it } from 'vitest'
import { brokerPlace } from './open-bus.ts'

it('user and password are no part of the addresses', () => {
  expect(brokerPlace(['nats://ana:p%40ss@one:4222', 'tls://two:4333'])).toEqual({
    servers: ['nats://one:4222', 'tls://two:4333'],
    credentials: { user: 'ana', password: 'p@ss' },
  })
  expect(brokerPlace(['nats://one'])).toEqual({ servers: ['nats://one'] })
})
