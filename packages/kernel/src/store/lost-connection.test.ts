import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { openConnections } from './database.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** A message of the server, as PostgreSQL's protocol 3.0 has it: a letter, the length, what it says. */
function message(letter: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(letter), length, body])
}

const authenticated = message('R', Buffer.alloc(4))
const readyForQuery = message('Z', Buffer.from('I'))
const shuttingDown = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))

/** What dies at the very moment in which it is ready: both is told in one packet. */
async function listenDying(): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat([authenticated, readyForQuery, shuttingDown])))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

it('a connection that is lost while it is handed out is told to whoever wanted it, and ends nothing else', async () => {
  const unheard: Error[] = []
  const hear = (error: Error) => unheard.push(error)
  process.on('uncaughtExceptionMonitor', hear)
  const port = await listenDying()
  const database = { host: '127.0.0.1', port, user: 'nobody', password: '', database: 'none' }
  const connections = openConnections(database, { schema: 'none', connectionsMax: 1, log: silentLog })
  await expect(connections.query({ text: 'select 1' }, [])).rejects.toMatchObject({ code: 'unavailable' })
  await connections.close()
  process.off('uncaughtExceptionMonitor', hear)
  expect(unheard).toEqual([])
})
