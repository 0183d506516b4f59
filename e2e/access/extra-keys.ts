import { allOperations, type Operation, type OperationName } from '@matchday/contracts'
import { ask, type OperationCall, requestOf } from '../support/ask.ts'
import { atOnce } from '../support/histories.ts'
import type { World } from '../support/world.ts'
import { type Expected, expectedOf } from './cells.ts'
import { meant } from './expected.ts'
import { type Place, tokenOf } from './place.ts'
import { recipes } from './recipes.ts'

/** What somebody might hope to be given by writing it into a body or a query. */
const dangerous: Readonly<Record<string, unknown>> = {
  role: 'owner',
  platformRole: 'superadmin',
  isAdmin: true,
  status: 'approved',
  approved: true,
  version: 99,
  generation: 99,
  verified: true,
  confirmedAt: '2026-01-01T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  organizationId: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  accountId: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  playerId: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  id: '01a1f0c2-9d5e-7b3a-8c41-2f6e0d9b7a15',
  passwordHash: 'x',
  address: '127.0.0.1',
  caller: { kind: 'service', service: 'gateway' },
  scopes: ['tournaments:write'],
  constructor: { role: 'owner' },
}
/** Keys that reach for the prototype of all objects: such a text is not even read. */
const poisonous = {
  'the key __proto__': '"__proto__":{"role":"owner"}',
  'constructor.prototype': '"constructor":{"prototype":{"role":"owner"}}',
} as const

const askersAtOnce = 6

/** Somebody whom nothing but the extra key stands against. */
function letIn(operation: Operation): Expected {
  const cells = expectedOf(meant[operation.name], operation.scope !== undefined)
  const cell = cells.find(({ isLetIn }) => isLetIn)
  if (cell === undefined) throw new Error(`${operation.name}: nobody may`)
  return cell
}

/** What an operation did with keys that its contract does not name; nothing, when it refused each. */
export async function tryExtraKeys(
  world: World,
  name: OperationName,
): Promise<{ tried: number; deviations: readonly string[] }> {
  const operation: Operation = allOperations[name]
  const { caller, column } = letIn(operation)
  const place: Place = { world, caller, column, succeeds: false }
  const good = await recipes[name].asking(place)
  const token = tokenOf(place, operation.scope)
  const deviations: string[] = []
  const expectCode = async (what: string, call: OperationCall, text: string | undefined, wanted: string) => {
    const request = requestOf(operation, { ...call, token })
    const { code } = await ask(world.url, text === undefined ? request : { ...request, body: text })
    if (code !== wanted) deviations.push(`${name} with ${what}: was told ${code}`)
  }
  const attempts = attemptsAt(operation, good).map(
    ({ what, call, text, code }) =>
      () =>
        expectCode(what, call, text, code),
  )
  await atOnce(askersAtOnce, attempts)
  return { tried: attempts.length, deviations }
}

type Attempt = { what: string; call: OperationCall; text?: string; code: string }

function attemptsAt(operation: Operation, good: OperationCall): readonly Attempt[] {
  const isRead = operation.route[0] === 'GET'
  const known = (isRead ? operation.query : operation.body)?.properties ?? {}
  const extra = Object.entries(dangerous).filter(([key]) => !Object.hasOwn(known, key))
  if (isRead) {
    return extra.map(([key, value]) => ({
      what: `?${key}`,
      call: { ...good, query: { ...good.query, [key]: JSON.stringify(value) } },
      code: 'invalid-input',
    }))
  }
  const body = objectIn(good.body)
  const inside = Object.entries(body).filter(([, value]) => isObject(value))
  return [
    ...extra.map(([key, value]) => ({
      what: key,
      call: { ...good, body: { ...body, [key]: value } },
      code: 'invalid-input',
    })),
    ...inside.map(([key, value]) => ({
      what: `${key}.role`,
      call: { ...good, body: { ...body, [key]: { ...objectIn(value), role: 'owner' } } },
      code: 'invalid-input',
    })),
    ...Object.entries(poisonous).map(([what, text]) => {
      const rest = JSON.stringify(body).slice(1)
      const poisoned = `{${text}${rest === '}' ? '' : ','}${rest}`
      return { what, call: { ...good, body }, text: poisoned, code: 'unreadable-request' }
    }),
  ]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}
