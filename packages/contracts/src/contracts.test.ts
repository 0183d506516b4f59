import type { TObject } from 'typebox'
import { describe, expect, it } from 'vitest'
import { channels } from './channels.ts'
import { faultCodes, rejectionCodes } from './codes.ts'
import { realmOf } from './operation.ts'
import { operationList } from './services.ts'

const keys = (schema: TObject | undefined) => Object.keys(schema?.properties ?? {})

describe.each(operationList.map((operation) => [operation.name, operation] as const))(
  '%s',
  (_, operation) => {
    const [method, path] = operation.route

    it('names in its path exactly the parameters that it declares', () => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(keys(operation.params).sort()).toEqual(inPath.sort())
    })

    it('has no name twice among path, query and body, for the handler gets them as one object', () => {
      const all = [...keys(operation.params), ...keys(operation.query), ...keys(operation.body)]
      expect(new Set(all).size).toBe(all.length)
    })

    it('refuses unknown keys', () => {
      for (const schema of [operation.params, operation.query, operation.body]) {
        if (schema) expect(schema).toMatchObject({ additionalProperties: false })
      }
    })

    it('writes only by methods that write', () => {
      expect(operation.kind === 'query').toBe(method === 'GET')
      if (method === 'GET') expect(operation.body).toBeUndefined()
      expect(operation.answers === 'empty').toBe(operation.output === undefined)
    })

    it('rejects only with codes of the catalogue, each once', () => {
      expect(new Set(operation.rejections).size).toBe(operation.rejections.length)
      for (const code of operation.rejections) expect(rejectionCodes).toHaveProperty(code)
    })
  },
)

describe('the contracts', () => {
  it('have no two operations at one address', () => {
    const addresses = operationList.map(({ route }) => route.join(' ').replace(/\{\w+\}/g, '{}'))
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  it('have no code twice', () => {
    expect(Object.keys(rejectionCodes).filter((code) => code in faultCodes)).toEqual([])
  })

  it('close sockets only after events that exist, and take only signals from clients', () => {
    for (const channel of Object.values(channels)) {
      for (const type of Object.keys(channel.closes)) expect(channel.events.schemas).toHaveProperty(type)
      for (const name of Object.values(channel.publish)) {
        expect(operationList.find((operation) => operation.name === name)?.kind).toBe('signal')
      }
    }
  })

  it('name no secret in any event: all of them are shown to spectators', () => {
    for (const channel of Object.values(channels)) {
      for (const [type, schema] of Object.entries(channel.events.schemas)) {
        const named = keys(schema).filter((key) => /token|secret|password|seed/i.test(key))
        // The seed is revealed by the draw, and only then.
        expect(named, type).toEqual(type === 'teams-drawn' ? ['seed'] : [])
      }
    }
  })
})

describe('whose session counts', () => {
  it('is told by each operation: the players’ where players come as themselves', () => {
    const known = Object.fromEntries(operationList.map((operation) => [operation.name, realmOf(operation)]))
    expect(known).toMatchObject({
      joinTournament: 'players',
      getPlayerProfile: 'players',
      signUpPlayer: 'players',
      renewPlayerSession: 'players',
      requestPlayerReset: 'players',
      listMySeats: 'players',
      signUpStaff: 'staff',
      getTournament: 'staff',
      createTournament: 'staff',
      listOrganizations: 'staff',
    })
  })
})
