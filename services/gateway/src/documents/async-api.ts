import { allOperations, type Channel, channels, type Operation } from '@matchday/contracts'
import { type Components, createComponents, isObject, type JsonSchema } from './components.ts'

const description = `Live updates over a WebSocket, in the JSON form of the Centrifuge client protocol, so that
its official clients (JavaScript, Dart, Swift, Kotlin, Go, Python) work unchanged. A frame holds one or more
JSON objects, one a line.

- \`{"id":1,"connect":{"token":"…"}}\` first, within 5 s; the token is any of the HTTP API and may be left out:
  spectators are welcome, and a page of Matchday itself is whom its browser's session says.
- \`{"id":2,"subscribe":{"channel":"tournament:<id>"}}\`. The reply's \`data\` is the snapshot to start from.
  With \`"recover":true,"epoch":"…","offset":7\` the reply brings exactly the publications after offset 7, or
  \`"recovered":false\` and a snapshot when they are no longer held.
- \`{"push":{"channel":"…","pub":{"offset":8,"data":{…}}}}\` is a publication; its offset is the version of the
  tournament. Fleeting ones have no offset: they come at most once.
- \`{"id":3,"publish":{"channel":"…","data":{…}}}\` is how a player shows what he is looking at.
- \`{}\` is a ping, answered by \`{}\`; \`{"id":4,"refresh":{"token":"…"}}\` brings a new token.
- A socket whose session has ended is closed with 4503; one whose access token ran out with 3005, to come back.

Close codes 3000–3499 and 4000–4499 ask the client to come back, 3500–3999 and 4500–4999 not to.
Frames are 16 KiB at most; 20 messages a second with bursts of 40.`

type AsyncApiMessage = { name: string; title: string; summary?: string; payload: JsonSchema }
type Reference = { $ref: string }
export type AsyncApiDocument = {
  asyncapi: '3.0.0'
  info: { title: string; version: string; description: string; license: { name: string } }
  defaultContentType: 'application/json'
  servers: { live: JsonSchema }
  channels: { [name: string]: JsonSchema & { messages: { [name: string]: AsyncApiMessage } } }
  operations: { [name: string]: JsonSchema & { action: 'send' | 'receive'; channel: Reference } }
  components: JsonSchema
}

/** The AsyncAPI 3 document of all live channels, from the server's point of view: it sends publications. */
export function asyncApiDocument(version: string): AsyncApiDocument {
  const components = createComponents()
  const document: AsyncApiDocument = {
    asyncapi: '3.0.0',
    info: { title: 'Matchday live', version, description, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: {
      live: {
        host: '{host}',
        pathname: '/api/live',
        protocol: 'ws',
        description: 'On the port of the HTTP API; wss where that is https.',
        variables: { host: { default: 'localhost:3000' } },
      },
    },
    channels: {},
    operations: {},
    components: { schemas: components.schemas },
  }
  for (const channel of Object.values<Channel>(channels)) addChannel(document, channel, components)
  return document
}

const policyText: Record<Channel['policy'], string> = {
  anyone: 'For everybody',
  checked:
    'For whoever may read the snapshot. When that changes, those who may no longer are sent an unsubscribe push (2403)',
}

function addChannel(document: AsyncApiDocument, channel: Channel, components: Components): void {
  const { name } = channel
  const publications = publicationMessages(channel, components)
  const publishes = publishMessages(channel, components)
  document.channels[name] = {
    address: `${name}:{id}`,
    summary: channel.summary,
    description: policyText[channel.policy],
    servers: [{ $ref: '#/servers/live' }],
    parameters: { id: { description: `Id (UUIDv7) of the ${name}` } },
    messages: { ...publications, ...publishes },
  }
  const messagesOf = (messages: object) =>
    Object.keys(messages).map((message) => ({ $ref: `#/channels/${name}/messages/${message}` }))
  const reference = { $ref: `#/channels/${name}` }
  document.operations[`publish-to-${name}`] = {
    action: 'send',
    channel: reference,
    summary: `What subscribers of ${name}:<id> get`,
    messages: messagesOf(publications),
  }
  if (Object.keys(publishes).length === 0) return
  document.operations[`take-from-${name}`] = {
    action: 'receive',
    channel: reference,
    summary: `What clients may publish to ${name}:<id>`,
    messages: messagesOf(publishes),
  }
}

function publicationMessages(channel: Channel, components: Components): { [name: string]: AsyncApiMessage } {
  const messages: { [name: string]: AsyncApiMessage } = {}
  const snapshot: Operation = allOperations[channel.snapshot]
  if (snapshot.output !== undefined) {
    messages.snapshot = {
      name: 'snapshot',
      title: `The ${channel.name} now`,
      summary: 'In the reply to subscribe, when there is nothing to recover from',
      payload: components.refer(snapshot.output),
    }
  }
  for (const [type, schema] of Object.entries(channel.events.schemas)) {
    const own: JsonSchema = { type: { const: type }, version: { type: 'integer', minimum: 1 } }
    messages[type] = { name: type, title: type, payload: extended(schema, own, components) }
  }
  for (const [type, schema] of Object.entries(channel.fleeting)) {
    const item = extended(schema, { key: { type: 'string' } }, components)
    messages[type] = {
      name: type,
      title: type,
      summary: 'Fleeting: without offset, at most once, the latest for each key counts',
      payload: closed({ type: { const: type }, items: { type: 'array', items: item } }),
    }
  }
  return messages
}

function publishMessages(channel: Channel, components: Components): { [name: string]: AsyncApiMessage } {
  const entries = Object.entries(channel.publish).map(([type, name]) => {
    const operation: Operation = allOperations[name]
    const payload = extended(operation.body ?? {}, { type: { const: type } }, components)
    return [type, { name: type, title: type, summary: operation.summary, payload }] as const
  })
  return Object.fromEntries(entries)
}

/** An object schema with some more keys, all of them required. */
function extended(schema: object, own: JsonSchema, components: Components): JsonSchema {
  const properties = 'properties' in schema && isObject(schema.properties) ? schema.properties : {}
  const required = 'required' in schema && Array.isArray(schema.required) ? schema.required.map(String) : []
  return closed({ ...own, ...components.refer(properties) }, [...Object.keys(own), ...required])
}

function closed(properties: JsonSchema, required = Object.keys(properties)): JsonSchema {
  return { type: 'object', required, properties, additionalProperties: false }
}
