import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export type FlakyLine = {
  /** Where the server is reached through this line. */
  readonly url: string
  /** From now on nothing comes through on the connections that are open, and no end is told: a forgotten NAT entry. */
  forget(): void
  close(): Promise<void>
}

/** A line to a server on loopback that can go silent without a word, as that of a phone that slept does. */
export async function flakyLine(serverUrl: string): Promise<FlakyLine> {
  const port = Number(new URL(serverUrl).port)
  const pairs = new Set<readonly [Socket, Socket]>()
  const line = createServer((phone) => {
    const server = connect(port, '127.0.0.1')
    const pair = [phone, server] as const
    pairs.add(pair)
    phone.pipe(server)
    server.pipe(phone)
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.on('close', () => {
        pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  const address = line.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    forget() {
      for (const [phone, server] of pairs) {
        phone.unpipe()
        server.unpipe()
      }
    },
    async close() {
      const closed = once(line, 'close')
      line.close()
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      await closed
    },
  }
}
