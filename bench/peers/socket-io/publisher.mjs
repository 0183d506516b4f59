// Another server of the same, to which nobody connects: says what happened, as often as it is told to.
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { createAdapter } from '@socket.io/redis-adapter'
import { createClient } from 'redis'
import { Server } from 'socket.io'

const { redisUrl } = JSON.parse(process.argv[2])

const publisher = createClient({ url: redisUrl })
const subscriber = publisher.duplicate()
await Promise.all([publisher.connect(), subscriber.connect()])
const io = new Server(createServer(), { adapter: createAdapter(publisher, subscriber) })
let version = 1

/** The same as a pick says in Matchday. */
function update() {
  version++
  return {
    offset: version,
    data: {
      playerId: '0199d3c4-7d63-7c8c-9d3e-5b0f1f3a2b4d',
      team: 'Switzerland',
      contribution: 'c0ffee00'.repeat(8),
      sentAtMs: Number(process.hrtime.bigint() / 1_000n) / 1_000,
      type: 'team-picked',
      version,
      at: '2026-01-01T20:00:00.000Z',
    },
  }
}

process.on('message', async ({ perSecond, durationMs }) => {
  const updates = Math.floor((perSecond * durationMs) / 1_000)
  const begun = performance.now()
  for (let sent = 0; sent < updates; ) {
    const due = Math.min(updates, Math.ceil(((performance.now() - begun) * perSecond) / 1_000))
    for (; sent < due; sent++) io.to('tournament').emit('update', update())
    await delay(1)
  }
  process.send({ updates, version })
})
process.once('disconnect', () => process.exit())
process.send({})
