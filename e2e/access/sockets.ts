import { once } from 'node:events'
import { WebSocket } from 'ws'
import { liveUrl } from '../support/live.ts'
import { type World, worldTeams } from '../support/world.ts'
import { type Expected, expectedOf } from './cells.ts'
import { type Place, tokenOf, tournamentIn } from './place.ts'
import { callers, type Meant } from './words.ts'

const answerTimeoutMs = 15_000

type Command = Readonly<Record<string, unknown>>
type Reply = {
  readonly id?: number
  readonly error?: { readonly code: number; readonly message: string }
}

/** What the last of some commands is told: `ok`, a code, or, when the socket was closed, its reason. */
export async function saidOnSocket(
  url: string,
  commands: readonly Command[],
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const socket = new WebSocket(liveUrl(url), { headers })
  socket.on('error', () => {})
  try {
    await once(socket, 'open', { signal: AbortSignal.timeout(answerTimeoutMs) })
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${JSON.stringify(commands)}`)), 15_000)
      const settle = (said: string) => {
        clearTimeout(timer)
        resolve(said)
      }
      socket.on('close', (_code, reason) => settle(String(reason)))
      socket.on('message', (data) => {
        for (const line of String(data).split('\n')) {
          const reply: Reply = JSON.parse(line)
          if (reply.error !== undefined || reply.id === commands.length) settle(reply.error?.message ?? 'ok')
        }
      })
      const texts = commands.map((command, index) => JSON.stringify({ id: index + 1, ...command }))
      socket.send(texts.join('\n'))
    })
  } finally {
    socket.terminate()
  }
}

/** Messages of the live protocol that somebody might not be allowed to send; the table has one for each. */
export const socketMessages = ['connect', 'subscribe', 'publish', 'refresh'] as const
export type SocketMessage = (typeof socketMessages)[number]

const connectAs = (token: string | undefined): Command => ({
  connect: token === undefined ? {} : { token },
})

function commandsFor(message: SocketMessage, place: Place): readonly Command[] {
  const token = tokenOf(place, 'tournaments:read')
  const connect = connectAs(token)
  const channel = `tournament:${tournamentIn(place).id}`
  switch (message) {
    case 'connect':
      return [place.column === 'garbage' ? connectAs('x.y.z') : connect]
    case 'subscribe':
      return [connect, { subscribe: { channel } }]
    case 'publish':
      return [connect, { publish: { channel, data: { type: 'highlight', team: worldTeams[2] } } }]
    case 'refresh':
      return [connect, { refresh: { token: refreshed(place, token) } }]
    default:
      return message satisfies never
  }
}

function refreshed(place: Place, token: string | undefined): string {
  if (place.column === 'others') return place.world.tournaments.others.another.token
  return place.column === 'garbage' ? 'x.y.z' : (token ?? '')
}

/** What is other than expected, in a line each, and how many cells there were. */
export async function tryMessages(
  world: World,
  message: SocketMessage,
  meant: Meant,
): Promise<{ cells: number; deviations: readonly string[] }> {
  const cells = expectedOf(meant, true)
  const found = await Promise.all(
    callers.map(async (caller) => {
      const own: string[] = []
      for (const cell of cells.filter((other) => other.caller === caller)) {
        const deviation = await tryCell(world, message, cell)
        if (deviation !== null) own.push(deviation)
      }
      return own
    }),
  )
  return { cells: cells.length, deviations: found.flat() }
}

async function tryCell(
  world: World,
  message: SocketMessage,
  { caller, column, code }: Expected,
): Promise<string | null> {
  const place: Place = { world, caller, column, succeeds: code === 'ok' }
  const said = await saidOnSocket(world.url, commandsFor(message, place))
  return said === code ? null : `${message} · ${caller} · ${column}: expected ${code}, was told ${said}`
}
