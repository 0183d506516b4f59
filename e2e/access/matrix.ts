import { setTimeout as sleep } from 'node:timers/promises'
import { allOperations, type Operation, type OperationName } from '@matchday/contracts'
import { ask, requestOf, type Told } from '../support/ask.ts'
import { breaches } from '../support/contract.ts'
import { changedTables, type Databases } from '../support/databases.ts'
import { atOnce } from '../support/histories.ts'
import type { World } from '../support/world.ts'
import { type Expected, expectedOf } from './cells.ts'
import { type Place, tokenOf } from './place.ts'
import { recipes } from './recipes.ts'
import { callers, type Meant } from './words.ts'

const askersAtOnce = 6

export type Trial = { readonly cells: number; readonly deviations: readonly string[] }

/** Operations that the table does not know, and those that only the table knows. */
export function strangersTo(
  table: Readonly<Record<string, unknown>>,
  names: readonly string[],
): readonly string[] {
  const listed = Object.keys(table)
  return [
    ...names.filter((name) => !listed.includes(name)).map((name) => `${name}: not in the table`),
    ...listed.filter((name) => !names.includes(name)).map((name) => `${name}: in no contract`),
  ]
}

export type Stage = {
  readonly world: World
  readonly databases: Databases
  /** Left out: that of the world. */
  readonly url?: string
}

function operationOf(name: OperationName): Operation {
  return allOperations[name]
}

/**
 * Tries all cells of one operation in which somebody is told no: all of them together must not change anything, so
 * nothing else may happen meanwhile. Deviations are told in a line each.
 */
export async function tryRefusals(name: OperationName, meant: Meant, stage: Stage): Promise<Trial> {
  const { databases } = stage
  const operation = operationOf(name)
  const deviations: string[] = []
  if (operation.policy !== meant.policy)
    deviations.push(`${name}: its policy is ${operation.policy}, not ${meant.policy}`)
  const cells = expectedOf(meant, operation.scope !== undefined).filter(({ code }) => code !== 'ok')
  const before = await databases.figures()
  const attempts = cells.map((cell) => async () => {
    const found = await tryCell(operation, stage, cell)
    if (found !== null) deviations.push(found)
  })
  await atOnce(askersAtOnce, attempts)
  const changed = changedTables(before, await databases.figures())
  if (changed.length > 0) deviations.push(`${name}: refused, and yet changed: ${changed.join(', ')}`)
  return { cells: cells.length, deviations }
}

/** Tries all others, one after the other: they change what they are there to change. */
export async function trySuccesses(name: OperationName, meant: Meant, stage: Stage): Promise<Trial> {
  const operation = operationOf(name)
  const deviations: string[] = []
  const cells = expectedOf(meant, operation.scope !== undefined).filter(({ code }) => code === 'ok')
  for (const cell of cells) {
    const found = await tryCell(operation, stage, cell)
    if (found !== null) deviations.push(found)
  }
  return { cells: cells.length, deviations }
}

const quietReads = 4
const quietMs = 250
const quietTimeoutMs = 60_000

/** Resolves when nothing follows any more from what happened before. */
export async function untilQuiet(databases: Databases): Promise<void> {
  const startedAt = performance.now()
  let last = await databases.figures()
  for (let alike = 1; alike < quietReads; ) {
    if (performance.now() - startedAt > quietTimeoutMs) throw new Error('it does not become quiet')
    await sleep(quietMs)
    const next = await databases.figures()
    alike = changedTables(last, next).length === 0 ? alike + 1 : 1
    last = next
  }
}

/** What is other than expected of one cell, or null. */
async function tryCell(
  operation: Operation,
  { world, url = world.url }: Stage,
  { caller, column, code }: Expected,
): Promise<string | null> {
  const place: Place = { world, caller, column, succeeds: code === 'ok' }
  const { asking, afterwards } = recipes[operation.name]
  const call = await asking(place)
  const token = 'token' in call ? call.token : tokenOf(place, operation.scope)
  // Each caller sits elsewhere, so that no limit of an address stands in the way.
  const from = operation.policy === 'local' ? '127.0.0.1' : `127.7.0.${callers.indexOf(caller) + 1}`
  const told = await ask(url, requestOf(operation, { ...call, token, from }))
  const where = `${operation.name} · ${caller} · ${column}`
  if (told.code !== code) return `${where}: expected ${code}, was told ${told.code} ${excerpt(told)}`
  const [breach] = breaches(operation.name, told)
  if (breach !== undefined) return `${where}: ${breach}`
  if (code === 'ok') await afterwards?.(place, told)
  return null
}

function excerpt({ text }: Told): string {
  return text.replace(/"requestId":"[^"]*"/, '').slice(0, 160)
}
