import { createMemoryBus } from '../../bus/memory.ts'
import { silentLog } from '../../log.ts'
import { openStore } from '../../store/postgres-store.ts'
import { createLeasedRelay } from '../leased-relay.ts'
import { createRelay } from '../relay.ts'

/**
 * An instance's relay in a process of its own. Argument: `{"database", "mode"}`, where mode is `lease`, `no-lease`
 * (publishes whatever others do) or `no-expiry` (a lease that outlives its holder).
 * Prints a line `{"isLeading": true}` when it begins to lead, and `{"streams": […]}` for each batch published.
 */
const { database, mode } = JSON.parse(process.argv[2] ?? '{}')
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

const store = await openStore({ database, log: silentLog, tables: 'check' })
const bus = createMemoryBus()
bus.subscribeEvents({ service: 'tests' }, (events) => tell({ streams: events.map((event) => event.stream) }))
// Commits are made by another process, which can't nudge over this bus: so it looks often.
const common = { store, bus, service: 'tests', limits: { pollMs: 10 } }
if (mode === 'no-lease') {
  createRelay(common)
  tell({ isLeading: true })
} else {
  const relay = createLeasedRelay({ ...common, lease: mode === 'no-expiry' ? { expiresMs: 3_600_000 } : {} })
  let isLeading = false
  setInterval(() => {
    if (!isLeading && relay.isLeading) tell({ isLeading: true })
    isLeading = relay.isLeading
  }, 5)
  process.stdin.resume().once('end', async () => {
    await relay.stop()
    await store.close()
    process.stdin.destroy()
    setImmediate(() => process.kill(process.pid))
  })
}
tell({ isUp: true })
