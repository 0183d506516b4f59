import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { busConformance } from '../conformance.ts'
import { natsBusUnderTest } from './testing/broker-lab.ts'

let server: NatsServer
beforeAll(async () => {
  server = await startNatsServer()
})
afterAll(() => server.dispose())

busConformance('the bus over NATS', (limits) => natsBusUnderTest(server, limits), { describe, it })
