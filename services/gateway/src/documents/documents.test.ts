import asyncApiSpecs from '@asyncapi/specs'
import { channels, type OperationName, operationList, policies } from '@matchday/contracts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { createFixture } from '../http/edge-fixture.ts'
import { createSchemaChecks } from '../http/schema-checks.ts'
import { statusTable } from '../http/status-table.ts'
import { asyncApiDocument } from './async-api.ts'
import { exampleObjectOf } from './example.ts'
import { html } from './html.ts'
import { openApiDocument } from './open-api.ts'

const validateOpenApi = async (document: Record<string, unknown>) =>
  (await new Validator().validate(document)).valid

describe('the OpenAPI document', () => {
  const document = openApiDocument(operationList, '1.2.3')
  const plain = () => JSON.parse(JSON.stringify(document))

  it('is valid, which a broken one is not', async () => {
    expect(await validateOpenApi(plain())).toBe(true)
    const broken = plain()
    broken.paths['/api/tournaments'].post.parameters[0].in = 'cookiejar'
    expect(await validateOpenApi(broken)).toBe(false)
  })

  it('has every operation, with every code of its contract at that code’s status', () => {
    for (const operation of operationList) {
      const [method, path] = operation.route
      const described = document.paths[path]?.[method.toLowerCase()]
      expect(described?.operationId).toBe(operation.name)
      for (const code of operation.rejections) {
        expect(described?.responses[statusTable[code]]?.['x-codes'], `${operation.name} ${code}`).toContain(
          code,
        )
      }
    }
  })

  it('says who may call what, and by which token, session or key', () => {
    const of = (name: OperationName) => {
      const [method, path] = operationList.find((operation) => operation.name === name)!.route
      return document.paths[path]?.[method.toLowerCase()]
    }
    expect(of('getTournament')).toMatchObject({
      'x-policy-meaning': policies.anyone,
      security: [{}, { token: [] }, { staffSession: [] }, { key: ['tournaments:read'] }],
    })
    expect(of('joinTournament')?.security).toEqual([{}, { token: [] }, { playersSession: [] }])
    expect(of('listMembers')?.security).toEqual([
      { token: [] },
      { staffSession: [] },
      { key: ['organization:read'] },
    ])
    expect(of('getSeat')?.security).toEqual([{ token: [] }])
    expect(of('getPlayerProfile')?.security).toEqual([{ token: [] }, { playersSession: [] }])
    expect(of('signInStaff')?.['x-private']).toBe(true)
    expect(of('getTournament')?.['x-private']).toBeUndefined()
    const schemes = plain().components.securitySchemes
    const named = operationList.flatMap(({ name }) => (of(name)?.security ?? []).flatMap(Object.keys))
    expect(Object.keys(schemes).sort()).toEqual([...new Set(named)].sort())
    expect(schemes.playersSession).toMatchObject({ in: 'cookie', name: '__Host-matchday-players' })
    for (const name of Object.keys(policies)) expect(document.info.description).toContain(`\`${name}\``)
  })

  it('gives examples that the edge itself takes, and that a wrong format would not pass', () => {
    const check = createSchemaChecks()
    for (const { name, body, output } of operationList) {
      if (body) expect(check(body, '/body')(exampleObjectOf(body)), name).toEqual([])
      if (output) expect(check(output, '/output')(exampleObjectOf(output)), name).toEqual([])
    }
    const { body } = operationList.find(({ name }) => name === 'createContact')!
    expect(check(body!, '/body')({ ...exampleObjectOf(body), email: 'ada' })).toMatchObject([
      { code: 'format' },
    ])
  })

  it('refers to nothing that is missing', () => {
    const text = JSON.stringify(document)
    const names = [...text.matchAll(/"#\/components\/(\w+)\/([\w-]+)"/g)]
    expect(names.length).toBeGreaterThan(100)
    const { components } = plain()
    for (const [, kind, name] of names) expect(components[kind!], name).toHaveProperty([name!])
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['Problem', 'Tournament', 'Player', 'DrawMode']),
    )
  })
})

describe('the AsyncAPI document', () => {
  const document = asyncApiDocument('1.2.3')
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false })
  const validate = ajv.compile(asyncApiSpecs.schemas['3.0.0'] as object)

  it('is valid, which a broken one is not', () => {
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...document, channels: { tournament: { address: 7 } } })).toBe(false)
  })

  it('has every event and every fleeting publication of every channel', () => {
    for (const channel of Object.values(channels)) {
      const messages = Object.keys(document.channels[channel.name]?.messages ?? {})
      expect(messages).toEqual(
        expect.arrayContaining([...Object.keys(channel.events.schemas), ...Object.keys(channel.fleeting)]),
      )
    }
    expect(document.channels.tournament?.messages['team-picked']?.payload).toMatchObject({
      required: ['type', 'version', 'playerId', 'team', 'contribution'],
      properties: { type: { const: 'team-picked' } },
    })
  })
})

describe('the documents are served', () => {
  it.each([
    ['/api/openapi.json', 'application/json; charset=utf-8', '"openapi":"3.1.0"'],
    ['/api/asyncapi.json', 'application/json; charset=utf-8', '"asyncapi":"3.0.0"'],
    ['/api/docs', 'text/html; charset=utf-8', '<h1>Matchday'],
    ['/api/docs/style.css', 'text/css; charset=utf-8', ':root'],
  ])('%s', async (url, type, part) => {
    const { edge } = await createFixture()
    const answer = await edge.inject({ url })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type])
    expect(answer.body).toContain(part)
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
  })

  it('for people without scripts or anything from elsewhere, and every link leads somewhere', async () => {
    const { edge } = await createFixture()
    const { body } = await edge.inject({ url: '/api/docs' })
    const fromElsewhere = /<script|<style|\sstyle=|\son\w+=|(?:src|href|action)="(?:https?:)?\/\//
    expect(fromElsewhere.exec(body)?.[0]).toBeUndefined()
    expect(fromElsewhere.test('<img src="https://evil.example/x">')).toBe(true)
    const ids = new Set([...body.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id))
    for (const { name } of operationList) expect(ids).toContain(name)
    for (const code of Object.keys(statusTable)) expect(ids).toContain(`error-${code}`)
    const anchors = [...body.matchAll(/href="#([\w-]+)"/g)].map(([, anchor]) => anchor)
    for (const anchor of anchors) expect(ids).toContain(anchor)
  })
})

it('text in a page is never markup', () => {
  expect(html`<p title="${`"><script>`}">${[html`<b>${'&'}</b>`]}${7}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;"><b>&amp;</b>7</p>',
  )
})
