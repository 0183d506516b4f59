import { describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { createLifecycle } from './lifecycle.ts'

describe('a lifecycle', () => {
  it('stops parts in the reverse order of starting, one after the other, once', async () => {
    const steps: string[] = []
    const lifecycle = createLifecycle(silentLog)
    for (const name of ['database', 'service', 'gateway']) {
      const stop = async () => {
        steps.push(`${name} stops`)
        await new Promise((resolve) => setImmediate(resolve))
        steps.push(`${name} has stopped`)
      }
      lifecycle.add(name, stop, 1_000)
    }
    await Promise.all([lifecycle.stopAll(), lifecycle.stopAll()])
    await lifecycle[Symbol.asyncDispose]()
    const order = ['gateway', 'service', 'database']
    expect(steps).toEqual(order.flatMap((name) => [`${name} stops`, `${name} has stopped`]))
  })

  it('lets neither a part that fails nor one that hangs keep the others from stopping', async () => {
    vi.useFakeTimers()
    try {
      let isStopped = false
      const lifecycle = createLifecycle(silentLog)
      lifecycle.add('first', () => void (isStopped = true), 1_000)
      lifecycle.add('hangs', () => new Promise(() => {}), 500)
      lifecycle.add('rejects', () => Promise.reject(new Error('no')), 1_000)
      lifecycle.add(
        'throws',
        () => {
          throw new Error('no')
        },
        1_000,
      )
      const stopped = lifecycle.stopAll()
      await vi.advanceTimersByTimeAsync(499)
      expect(isStopped).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await stopped
      expect(isStopped).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('tells the state of each part', async () => {
    const lifecycle = createLifecycle(silentLog)
    lifecycle.add('plain', () => {}, 1_000)
    lifecycle.add(
      'telling',
      () => {},
      1_000,
      () => ({ state: 'failing', detail: 'no connection' }),
    )
    expect(lifecycle.health()).toEqual([
      { name: 'plain', state: 'ready' },
      { name: 'telling', state: 'failing', detail: 'no connection' },
    ])
    await lifecycle.stopAll()
    expect(lifecycle.health()).toEqual([
      { name: 'plain', state: 'stopped' },
      { name: 'telling', state: 'stopped' },
    ])
  })
})
