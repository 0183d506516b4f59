import { newId } from '@matchday/contracts'
import { createFakeClock } from '@matchday/testkit'
import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { Append, AppendOutcome, Store } from '../store/port.ts'
import { createExecutor } from './executor.ts'
import { executorLimits } from './executor-limits.ts'
import { request, roomCommands as room } from './testing/rooms.ts'

/** A store of new streams, whose commits end when the test says so. */
function startWithSlowStore(clock: Clock = systemClock) {
  const commits: { appends: readonly Append[]; end: () => void }[] = []
  const store: Partial<Store> = {
    epoch: 'first',
    load: async (requests) =>
      requests.map(({ stream }) => ({
        stream,
        version: 0,
        fence: 0,
        redactions: 0,
        snapshot: null,
        events: [],
      })),
    append: (appends) =>
      new Promise((resolve) => {
        const outcomes = appends.map(
          ({ events }): AppendOutcome => ({
            kind: 'committed',
            versionBefore: 0,
            version: events.length,
            fence: 0,
          }),
        )
        commits.push({ appends, end: () => resolve(outcomes) })
      }),
  }
  // What else a store can do is not asked for by opening rooms.
  const options = { store: store as Store, log: silentLog, clock, service: 'rooms' }
  const executor = createExecutor(options)
  const open = (count: number) =>
    Promise.all(Array.from({ length: count }, () => executor.execute(room.open, request({ name: newId() }))))
  return { commits, open }
}

/** Every microtask and every message of this turn has had its say. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a commit in flight', () => {
  it('lets few that come meanwhile wait for the next, and takes them all along then', async () => {
    // Time stands still: on a busy machine a turn may take longer than a commit is waited for.
    const { commits, open } = startWithSlowStore(createFakeClock())
    const first = open(1)
    await turn()
    const others = [open(2), open(3)]
    await turn()
    expect(commits.map(({ appends }) => appends.length)).toEqual([1])
    commits[0]!.end()
    await first
    await turn()
    expect(commits.map(({ appends }) => appends.length)).toEqual([1, 5])
    commits[1]!.end()
    await Promise.all(others)
  })

  it('is overlapped at once when many wait', async () => {
    const { commits, open } = startWithSlowStore()
    const first = open(1)
    await turn()
    const others = open(executorLimits.overlapCommandsMin)
    await turn()
    expect(commits.map(({ appends }) => appends.length)).toEqual([1, executorLimits.overlapCommandsMin])
    for (const { end } of commits) end()
    await Promise.all([first, others])
  })

  it('that hangs does not keep the few for long', async () => {
    const { commits, open } = startWithSlowStore()
    const first = open(1)
    await turn()
    const other = open(1)
    await expect.poll(() => commits.length, { interval: 1, timeout: 1_000 }).toBe(2)
    commits[1]!.end()
    // Answered although the commit before it still hangs.
    await other
    commits[0]!.end()
    await first
  })
})
