import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { tournamentOperations } from '@matchday/contracts'
import type { Clock } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { createFixture, goodReply } from '../http/edge-fixture.ts'
import { AddressBudget } from './address-budget.ts'
import { clientAddress } from './client-address.ts'
import { budgetLimits, missLimits } from './http-limits.ts'
import { MissLimiter } from './miss-limiter.ts'

function fakeClock(): Clock & { advance(ms: number): void } {
  let now = 1_000
  return {
    now: () => now,
    monotonicMs: () => now,
    advance: (ms) => {
      now += ms
    },
  }
}

const { perAddress, total } = tournamentOperations.findByJoinCode.missesPerMinuteMax
const secondsPerGuess = 60 / perAddress

describe('guessing join codes', () => {
  const hit = 'AAAAAA'

  async function start(trustedProxyHops = 0) {
    const clock = fakeClock()
    const { edge, asked } = await createFixture(
      (operation, call) =>
        call.input.code === hit ? goodReply(operation) : { kind: 'rejected', code: 'not-found' },
      { clock, config: { trustedProxyHops } },
    )
    const guess = async (code: string, forwarded = '') => {
      const headers = forwarded === '' ? {} : { 'x-forwarded-for': forwarded }
      const answer = await edge.inject({ url: `/api/join/${code}`, headers })
      return [answer.statusCode, Number(answer.headers['retry-after'] ?? 0)] as const
    }
    return { guess, clock, asked }
  }

  it('is answered so often a minute, from loopback too, and then not even asked', async () => {
    const { guess, clock, asked } = await start()
    for (let index = 0; index < perAddress; index++)
      expect(await guess(`BBBB${10 + index}`)).toEqual([404, 0])
    expect(await guess('CCCCCC')).toEqual([429, secondsPerGuess])
    expect(asked).toHaveLength(perAddress)
    clock.advance(secondsPerGuess * 1_000)
    expect(await guess('CCCCCC')).toEqual([404, 0])
    expect(await guess('CCCCCC')).toEqual([429, secondsPerGuess])
  })

  it('costs nothing when the guess is right', async () => {
    const { guess } = await start()
    for (let index = 0; index < 200; index++) expect((await guess(hit))[0]).toBe(200)
  })

  it('is bounded for all addresses together', async () => {
    const { guess } = await start(1)
    for (let index = 0; index < total; index++)
      expect((await guess('BBBBBB', `10.0.0.${index}`))[0]).toBe(404)
    expect((await guess('BBBBBB', '10.0.1.1'))[0]).toBe(429)
  })

  it('is not helped by writing X-Forwarded-For', async () => {
    const { guess } = await start()
    for (let index = 0; index < perAddress; index++) await guess('BBBBBB', `10.0.0.${index}`)
    expect((await guess('BBBBBB', '10.0.1.1'))[0]).toBe(429)
  })

  it('at once does not get further in the long run: what was overdrawn is paid back', async () => {
    const { guess, clock } = await start()
    const burst = await Promise.all(Array.from({ length: 500 }, () => guess('BBBBBB')))
    const answered = burst.filter(([status]) => status === 404).length
    expect(answered).toBeLessThanOrEqual(missLimits.inFlightPerAddressMax)
    clock.advance(60_000)
    const [status] = await guess('BBBBBB')
    expect(status).toBe(answered > 2 * perAddress ? 429 : 404)
  })
})

describe('the miss limiter', () => {
  it('remembers a bounded number of addresses', () => {
    const limiter = new MissLimiter(new AddressBudget({ perAddress: 1, total: 1_000_000 }, fakeClock()))
    const miss = (address: string) => {
      const wait = limiter.enter(address)
      if (wait === 0) limiter.leave(address, true)
      return wait
    }
    expect(miss('first')).toBe(0)
    expect(miss('first')).toBe(60)
    for (let index = 0; index < budgetLimits.addressesMax; index++) miss(`address-${index}`)
    expect(miss('first')).toBe(0)
  })
})

describe('the address that counts', () => {
  const from = (remoteAddress: string, forwarded: string | undefined, hops: number) => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
    const request = new IncomingMessage(socket)
    if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
    return clientAddress(request, hops)
  }

  it.each([
    ['10.0.0.1', undefined, 0, '10.0.0.1'],
    ['::ffff:10.0.0.1', undefined, 0, '10.0.0.1'],
    ['10.0.0.1', '1.1.1.1', 0, '10.0.0.1'],
    ['10.0.0.1', '6.6.6.6, 1.1.1.1', 1, '1.1.1.1'],
    ['10.0.0.1', '6.6.6.6, 1.1.1.1, 10.0.0.2', 2, '1.1.1.1'],
    ['10.0.0.1', undefined, 1, '10.0.0.1'],
    ['10.0.0.1', '', 1, '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:db8:1:2::7', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:db8::7', undefined, 0, '2001:db8:0:0::/64'],
    ['::1', undefined, 0, '0:0:0:0::/64'],
  ])('of %s forwarded for %s through %i proxies is %4$s', (remote, forwarded, hops, expected) => {
    expect(from(remote, forwarded, hops)).toBe(expected)
  })
})
