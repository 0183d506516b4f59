import type { Cluster } from './cluster.ts'
import { type Member, readinessOf } from './member.ts'

const probeMs = 2_000

/** What `script/cluster status` prints. */
export async function report(cluster: Cluster): Promise<readonly string[]> {
  const [members, streams, connections] = await Promise.all([
    memberRows(cluster),
    streamRows(cluster),
    connectionLine(cluster),
  ])
  return [
    `Matchday   ${cluster.url}`,
    '',
    ...table([['process', 'role', 'port', 'pid', 'state', 'sessions', 'waits for'], ...members]),
    '',
    ...table([['stream', 'messages', 'bytes', 'not delivered', 'being done', 'delivered again'], ...streams]),
    '',
    connections,
  ]
}

/** How to look into each part. */
export function directions(cluster: Cluster): readonly string[] {
  const { url, balancer, natsMonitorUrls, postgres, members, operatorNatsUrl } = cluster
  const metrics = members.map(({ name, metricsPort }) => `${name} ${metricsPort}`)
  return table([
    ['On this computer', url],
    ['Balancer', balancer?.statsUrl ?? 'none'],
    ['NATS', `${natsMonitorUrls[0]}/jsz?streams=true&consumers=true`],
    ['', `${natsMonitorUrls[0]}/connz?auth=true`],
    ['PostgreSQL', `psql '${postgres.url}'`],
    ['Dead letters', `node dist/matchday.mjs dead-letters list --nats-url ${operatorNatsUrl}`],
    ['Metrics', `http://127.0.0.1:<port>/metrics: ${metrics.join(', ')}`],
    ['Logs', './script/cluster logs <process>'],
    ...(members.some(({ role }) => role === 'identity')
      ? [['First account', './script/cluster logs identity-1 (or another): there is its link']]
      : []),
  ])
}

async function memberRows(cluster: Cluster): Promise<readonly string[][]> {
  const places = (await cluster.balancer?.places().catch(() => [])) ?? []
  const rows = cluster.members.map(async (member) => {
    const sessions = places.find(({ name }) => name === member.name)?.sessions
    const [state, waitsFor] = await conditionOf(member)
    const [port, processId] = [String(member.port), member.processId === 0 ? '' : String(member.processId)]
    return [member.name, member.role, port, processId, state, String(sessions ?? ''), waitsFor]
  })
  const { nats, postgres, balancer } = cluster
  const servers = 'servers' in nats ? nats.servers : [nats]
  const others = [
    ...servers.map(({ port, pid }, index) => ['nats-server', `broker ${index + 1}`, String(port), pid ?? 0]),
    ['postgres', 'database', '', postgres.processId],
    ...(balancer ? [['haproxy', 'balancer', String(balancer.port), balancer.processId]] : []),
  ].map((row) => [...row.map((cell) => (cell === 0 ? '' : String(cell))), isAlive(row.at(-1)), '', ''])
  return [...(await Promise.all(rows)), ...others]
}

async function conditionOf(member: Member): Promise<[state: string, waitsFor: string]> {
  if (member.processId === 0) return ['ended', `see ./script/cluster logs ${member.name}`]
  const readiness = await readinessOf(member.port)
  if (readiness === null) return ['silent', '']
  if (readiness.ready) return ['ready', '']
  const waiting = readiness.parts
    .filter(({ state }) => !['ready', 'up'].includes(state))
    .map(({ name, state, detail }) => `${name}: ${detail ?? state}`)
  return ['not ready', waiting.join('; ')]
}

function isAlive(processId: unknown): string {
  try {
    return typeof processId === 'number' && processId > 0 && process.kill(processId, 0) ? 'runs' : 'ended'
  } catch {
    return 'ended'
  }
}

type Consumer = { num_pending: number; num_ack_pending: number; num_redelivered: number }
type Stream = { name: string; state: { messages: number; bytes: number }; consumer_detail?: Consumer[] }
type JetStream = { account_details?: { stream_detail?: Stream[] }[] }

async function streamRows({ natsMonitorUrls }: Cluster): Promise<readonly string[][]> {
  const found = await pageOf<JetStream>(`${natsMonitorUrls[0]}/jsz?streams=true&consumers=true`)
  const streams = found?.account_details?.flatMap(({ stream_detail = [] }) => stream_detail) ?? []
  return streams
    .toSorted((left, right) => left.name.localeCompare(right.name))
    .map(({ name, state, consumer_detail: consumers = [] }) => {
      const sum = (key: keyof Consumer) => consumers.reduce((total, one) => total + one[key], 0)
      const counts = consumers.length === 0 ? ['', '', ''] : countsOf(sum)
      return [name, String(state.messages), String(state.bytes), ...counts]
    })
}

function countsOf(sum: (key: keyof Consumer) => number): string[] {
  return [sum('num_pending'), sum('num_ack_pending'), sum('num_redelivered')].map(String)
}

type Connections = { num_connections?: number; connections?: { authorized_user?: string }[] }

async function connectionLine({ natsMonitorUrls }: Cluster): Promise<string> {
  const found = await pageOf<Connections>(`${natsMonitorUrls[0]}/connz?auth=true`)
  const users = new Map<string, number>()
  for (const { authorized_user: user = 'anybody' } of found?.connections ?? [])
    users.set(user, (users.get(user) ?? 0) + 1)
  const each = [...users].map(([user, count]) => `${count} ${user}`)
  return `Connections to NATS: ${found === null ? 'it does not answer' : each.join(', ') || 'none'}`
}

async function pageOf<Page>(url: string): Promise<Page | null> {
  try {
    // A page of the nats-server that we started; every field is optional.
    return (await (await fetch(url, { signal: AbortSignal.timeout(probeMs) })).json()) as Page
  } catch {
    return null
  }
}

/** In columns as wide as what is in them. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
