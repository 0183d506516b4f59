import { newId, type OperationName, type Operations, type OutputOf, routes } from '@matchday/contracts'
import { Fault } from '@matchday/kernel'
import { addressesOf } from './addresses.ts'
import type { Config } from './config.ts'
import { serve } from './serve.ts'

const people = [
  ['Ada', 'Lovelace'],
  ['Alan', 'Turing'],
  ['Grace', 'Hopper'],
  ['Katherine', 'Johnson'],
  ['Emmy', 'Noether'],
  ['Srinivasa', 'Ramanujan'],
  ['Maryam', 'Mirzakhani'],
  ['Paul', 'Erdős'],
  ['Hedy', 'Lamarr'],
  ['Claude', 'Shannon'],
] as const
/** Two seats and two players without a pick are left, so that the visitor can join and finish it. */
const seats = 12
const pickers = 8
const answerTimeoutMs = 5_000

/** Fills a tournament with ten players: on the server that runs at these settings, or on one that it starts. */
export async function demo(config: Config): Promise<number> {
  const { local } = addressesOf(config)
  if (await answers(local)) {
    process.stdout.write(await fill(local))
    return 0
  }
  return serve(config, async (addresses) => {
    process.stdout.write(await fill(addresses.local))
  })
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/livez`, { signal: AbortSignal.timeout(answerTimeoutMs) })).ok
  } catch {
    return false
  }
}

/** Resolves to what to tell the visitor. */
async function fill(address: string): Promise<string> {
  const name = `Demo night ${new Date().toLocaleTimeString('en-GB')}`
  const created = await call(
    address,
    'createTournament',
    {},
    { name, limit: seats, teams: { preset: 'clubs' } },
  )
  const { items: teams } = await call(address, 'listTeams', { id: created.id })
  for (const [index, [firstName, lastName]] of people.entries()) {
    const joined = await call(address, 'joinTournament', { id: created.id }, { firstName, lastName })
    if (index >= pickers) continue
    const path = { id: created.id, playerId: joined.playerId }
    const contribution = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')
    await call(address, 'pickTeam', path, { team: teams[index * 3]!.name, contribution }, joined.playerToken)
  }
  return `
  "${name}" has ${people.length} players, ${pickers} of them have picked, ${seats - people.length} seats are free.

  Host it            ${address}/host/${created.id}#${created.organizerToken}
  Join it            ${created.joinUrl}
`
}

async function call<Name extends OperationName>(
  address: string,
  name: Name,
  path: Readonly<Record<string, string>>,
  body?: object,
  token?: string,
): Promise<OutputOf<Operations[Name]>> {
  const [method, template] = routes[name]
  const url = address + template.replace(/\{(\w+)\}/g, (_, key: string) => path[key]!)
  const response = await fetch(url, {
    method,
    headers: {
      'idempotency-key': newId(),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
  if (!response.ok)
    throw new Fault('demo-failed', `${name} was answered with ${response.status}: ${await response.text()}`)
  // The contract says so, and the gateway serialises by it.
  return (await response.json()) as OutputOf<Operations[Name]>
}
