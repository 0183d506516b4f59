import { organizationInternals, playerIdentityInternals, tournamentInternals } from '@matchday/contracts'
import { type NatsServer, startNatsServer } from '@matchday/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryBus } from '../bus/memory.ts'
import { createNatsBus } from '../bus/nats/nats-bus.ts'
import { untilState } from '../bus/nats/testing/broker-lab.ts'
import type { Bus } from '../bus/port.ts'
import { createRequester, type Requester } from '../bus/requester.ts'
import { Fault } from '../fault.ts'
import type { Reply, RequestItem } from '../message.ts'
import { createPuller, type Puller } from '../pull/puller.ts'
import { type Ask, createAsk } from './ask.ts'

const { getStanding, listMemberIds } = organizationInternals
const input = { organizationId: 'o' as never, accountId: 'a' as never, isAdministrator: false }
/** What has to fail does so quickly; what has to be answered may take as long as it needs. */
const timeoutMs = 400
const patientMs = 20_000
const standing: Reply = { kind: 'ok', body: { status: 'approved', role: 'owner', isPreview: false } }

/** Two services' ends of the bus: of who asks, and of who is asked. */
type Ends = { readonly asking: Bus; readonly asked: Bus; stop(): Promise<void>; down(): Promise<void> }

let server: NatsServer
beforeAll(async () => {
  server = await startNatsServer()
})
afterAll(() => server.dispose())

const places: Record<string, () => Promise<Ends>> = {
  'in one process': async () => {
    const bus = createMemoryBus({ freeze: true })
    return { asking: bus, asked: bus, stop: () => bus.close(), down: async () => bus.setState('down') }
  },
  'over NATS': async () => {
    await server.start()
    const open = (role: string, owns: readonly string[]) =>
      createNatsBus({ servers: [server.url], role, owns })
    const [asking, asked] = [open('identity', ['identity-staff']), open('organizations', ['organizations'])]
    await Promise.all([untilState(asking, 'up'), untilState(asked, 'up')])
    return {
      asking,
      asked,
      stop: async () => void (await Promise.all([asking.close(), asked.close()])),
      down: async () => {
        await server.kill()
        await untilState(asking, 'down')
      },
    }
  },
}

describe.each(Object.entries(places))('a service that asks another %s', (_, open) => {
  let ends: Ends
  let requester: Requester
  let ask: Ask
  let askInHaste: Ask
  let pullers: Puller[]
  beforeEach(async () => {
    ends = await open()
    requester = createRequester({ bus: ends.asking, newId: () => crypto.randomUUID() })
    const asking = { requester, service: 'identity-staff', asks: ['organizations'] as const }
    ask = createAsk({ ...asking, timeoutMs: patientMs })
    askInHaste = createAsk({ ...asking, timeoutMs })
    pullers = []
  })
  afterEach(async () => {
    await Promise.all(pullers.map((puller) => puller.stop()))
    await requester.close()
    await ends.stop()
  })

  /** Organisations answer what they are asked. */
  function answer(handle: (item: RequestItem) => Promise<Reply>): void {
    const queue = { service: 'organizations', lane: 'queries' } as const
    pullers.push(createPuller({ bus: ends.asked, queue, capacityItems: 64, handle }))
  }
  /** How an ask fails, and after how long. */
  async function failure(by = askInHaste): Promise<{ code: string; retryable: boolean; afterMs: number }> {
    const startedAt = performance.now()
    const error: unknown = await by(getStanding, input).then(
      () => expect.fail('it was answered'),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof Fault)) throw error
    expect(error.message).toContain('organizations was asked getStanding')
    return { code: error.code, retryable: error.retryable, afterMs: performance.now() - startedAt }
  }

  it('is answered, and says who it is', async () => {
    const asked: RequestItem[] = []
    answer(async (item) => {
      asked.push(item)
      return standing
    })
    expect(await ask(getStanding, input)).toEqual(standing)
    expect(asked).toMatchObject([
      { operation: 'getStanding', input, caller: { kind: 'service', service: 'identity-staff' } },
    ])
  })

  it('is told a rejection as it is', async () => {
    const rejected: Reply = { kind: 'rejected', code: 'not-found', detail: 'Gone.', retryAfterS: 7 }
    answer(async () => rejected)
    expect(await ask(getStanding, input)).toEqual(rejected)
  })

  it('fails within its time when nobody is there, and is answered when somebody is', async () => {
    const { afterMs, ...fault } = await failure()
    expect(fault).toEqual({ code: 'unavailable', retryable: true })
    expect(afterMs).toBeGreaterThanOrEqual(timeoutMs - 5)
    expect(afterMs).toBeLessThan(patientMs / 4)
    answer(async () => standing)
    expect(await ask(getStanding, input)).toEqual(standing)
  })

  it('fails when the answer is late, whatever comes after', async () => {
    let isSlow = true
    answer(async () => {
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 2 * timeoutMs))
      return standing
    })
    expect(await failure()).toMatchObject({ code: 'unavailable', retryable: true })
    isSlow = false
    expect(await ask(getStanding, input)).toEqual(standing)
  })

  it('fails at once, or nearly, without a bus', async () => {
    await ends.down()
    const { afterMs, code } = await failure(ask)
    expect(code).toBe('unavailable')
    expect(afterMs).toBeLessThan(patientMs / 4)
  })

  it('is told a bug of the other one, and not to try again', async () => {
    answer(async () => {
      throw new Error('a bug')
    })
    expect(await failure()).toMatchObject({ code: 'internal', retryable: false })
  })

  it('takes "not now" for no answer', async () => {
    let tries = 0
    answer(async () => {
      if (++tries === 1) throw new Fault('unavailable', 'the database is away', { retryable: true })
      return standing
    })
    expect(await ask(getStanding, input)).toEqual(standing)
    expect(tries).toBe(2)
  })

  it('asks nobody but whom it may, and nothing but queries', async () => {
    const asked: RequestItem[] = []
    answer(async (item) => {
      asked.push(item)
      return standing
    })
    const command = { ...listMemberIds, kind: 'command' } as const
    await expect(ask(command, { organizationId: 'o' as never })).rejects.toThrow('only queries')
    await expect(ask(tournamentInternals.getOwner, { id: 't' as never })).rejects.toThrow('tournaments')
    const { describeAccounts } = playerIdentityInternals
    await expect(ask(describeAccounts, { accountIds: [] })).rejects.toThrow('not to ask')
    expect(asked).toEqual([])
  })
})
