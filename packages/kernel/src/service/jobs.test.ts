import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { createLog, silentLog } from '../log.ts'
import { openPeople } from '../rows/testing/people.ts'
import type { Leases } from '../store/port.ts'
import { leasesInMemory } from '../store/testing/leases-in-memory.ts'
import type { Job, JobContext } from './definition.ts'
import { type JobsOptions, type RunningJobs, startJobs } from './jobs.ts'

const never = 3_600_000
const quick = { startSpreadMs: 0, paceMs: 1, busyMs: 5, retryMsMin: 5, retryMsMax: 20 } as const
const waiting = { timeout: 20_000, interval: 2 } as const
const noTables = { rows: async () => [], transaction: () => Promise.reject(new Error('not used here')) }

let running: RunningJobs[] = []
afterEach(async () => {
  await Promise.all(running.map((jobs) => jobs.stop()))
  running = []
})

function start(job: Partial<Job> & Pick<Job, 'run'>, options: Partial<JobsOptions> = {}): RunningJobs {
  const jobs = startJobs({
    jobs: [{ name: 'tested', everyMs: never, ...job }],
    leases: leasesInMemory(),
    tables: noTables,
    clock: systemClock,
    log: silentLog,
    ...options,
    limits: { ...quick, ...options.limits },
  })
  running.push(jobs)
  return jobs
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Ends when it is told to. */
function gate() {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe('a job', () => {
  it('runs at the start, and then every so often', async () => {
    let runs = 0
    start({ everyMs: 5, run: async () => ++runs < 0 })
    await vi.waitUntil(() => runs >= 4, waiting)
  })

  it('runs soon after a commit, also one that comes while it runs', async () => {
    let runs = 0
    const first = gate()
    const jobs = start({
      run: async () => {
        if (++runs === 1) await first.opened
        return false
      },
    })
    await vi.waitUntil(() => runs === 1, waiting)
    jobs.wake()
    first.open()
    await vi.waitUntil(() => runs === 2, waiting)
    jobs.wake()
    await vi.waitUntil(() => runs === 3, waiting)
  })

  it('comes again at once when there is more', async () => {
    let runs = 0
    start({ run: async () => ++runs < 5 })
    await vi.waitUntil(() => runs === 5, waiting)
    await turn()
    expect(runs).toBe(5)
  })

  it('that fails is logged and tried again, is named, and costs the instance nothing', async () => {
    let runs = 0
    const lines: string[] = []
    const log = createLog('info', { write: (line: string) => lines.push(line) } as never)
    const jobs = start(
      {
        run: async () => {
          if (++runs <= 3) throw new Error(`no mail today for ${runs}`)
          return false
        },
      },
      { log },
    )
    await vi.waitUntil(() => runs >= 2, waiting)
    expect(jobs.health()).toEqual({ state: 'ready', detail: 'fails: tested' })
    await vi.waitUntil(() => runs === 4 && jobs.health().detail === undefined, waiting)
    expect(lines.join()).toContain('no mail today for 3')
  })

  it('that fails is not tried the sooner for what is committed meanwhile', async () => {
    let runs = 0
    const jobs = start(
      {
        run: async () => {
          runs += 1
          throw new Error('no')
        },
      },
      { limits: { retryMsMin: never, retryMsMax: never } },
    )
    await vi.waitUntil(() => jobs.health().detail !== undefined, waiting)
    jobs.wake()
    for (let count = 0; count < 20; count++) await turn()
    expect(runs).toBe(1)
  })

  it('is told to stop, is waited for, and does not run any more', async () => {
    let runs = 0
    let isDone = false
    const jobs = start({
      everyMs: 1,
      run: async ({ signal }) => {
        runs += 1
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        await turn()
        isDone = true
        return true
      },
    })
    await vi.waitUntil(() => runs === 1, waiting)
    await jobs.stop()
    expect(isDone).toBe(true)
    jobs.wake()
    await turn()
    expect(runs).toBe(1)
  })
})

describe('of several instances', () => {
  /** The most that were at the job at one time. */
  async function together(leases: Leases): Promise<number> {
    let at = 0
    let most = 0
    let runs = 0
    const run = async () => {
      most = Math.max(most, ++at)
      await turn()
      await turn()
      at -= 1
      runs += 1
      return false
    }
    const jobs = [1, 2, 3].map(() => start({ everyMs: 1, run }, { leases }))
    await vi.waitUntil(() => runs >= 60, waiting)
    await Promise.all(jobs.map((one) => one.stop()))
    return most
  }

  it('one is at the job at a time, which without a lease would be several', async () => {
    expect(await together(leasesInMemory())).toBe(1)
    const free: Leases = { ...leasesInMemory(), look: async () => null, take: async () => true }
    expect(await together(free)).toBeGreaterThan(1)
  })

  it('each does what was committed there, though another one was at it', async () => {
    const leases = leasesInMemory()
    const one = gate()
    const two = { runs: 0 }
    let isHeld = false
    start(
      {
        run: async () => {
          isHeld = true
          await one.opened
          return false
        },
      },
      { leases },
    )
    await vi.waitUntil(() => isHeld, waiting)
    const other = start({ run: async () => ++two.runs < 0 }, { leases })
    other.wake()
    await turn()
    expect(two.runs).toBe(0)
    one.open()
    await vi.waitUntil(() => two.runs > 0, waiting)
  })

  it('one that was killed is replaced when its lease has ended', async () => {
    const leases = leasesInMemory()
    await leases.take('job:tested', 'killed', 60)
    const began = performance.now()
    let ranAt = 0
    start({ run: async () => (ranAt = performance.now()) < 0 }, { leases })
    await vi.waitUntil(() => ranAt > 0, waiting)
    expect(ranAt - began).toBeGreaterThan(40)
  })

  it('one that can no longer be sure of its lease is told to stop, and prolongs it as long as it can', async () => {
    let takes = 0
    const memory = leasesInMemory()
    const leases: Leases = {
      ...memory,
      take: async (...values) => (++takes <= 3 ? memory.take(...values) : Promise.reject(new Error('away'))),
    }
    let isStopped = false
    const run = async ({ signal }: JobContext) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      isStopped = true
      return false
    }
    start({ run }, { leases, limits: { leaseMs: 2_000, renewMs: 50 } })
    await vi.waitUntil(() => isStopped, waiting)
    expect(takes).toBeGreaterThan(3)
  })
})

it('a job works on the tables of its service, under a lease of the database', async () => {
  await using people = await openPeople()
  const { one, two } = people
  await one.tables.rows('create table mails (id integer primary key, sent integer not null default 0)', [])
  await one.tables.rows('insert into mails select n from generate_series(1, 50) as n', [])
  /** Sends five, as slowly and carelessly as would be wrong without a lease. */
  const run = async ({ rows, transaction }: JobContext): Promise<boolean> => {
    const due = await rows<{ id: number }>('select id from mails where sent = 0 order by id limit 5', [])
    await transaction(async (inside) => {
      for (const { id } of due) await inside.query('update mails set sent = sent + 1 where id = $1', [id])
    })
    return due.length === 5
  }
  for (const { store, tables } of [one, two, one, two]) start({ run }, { leases: store.leases, tables })
  const left = 'select from mails where sent = 0'
  await vi.waitUntil(async () => (await one.tables.rows(left, [])).length === 0, { timeout: 20_000 })
  await Promise.all(running.map((jobs) => jobs.stop()))
  expect(await one.tables.rows('select from mails where sent <> 1', [])).toEqual([])
  expect(await one.store.leases.look('job:tested')).toBeNull()
})
