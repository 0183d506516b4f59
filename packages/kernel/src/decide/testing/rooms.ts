import { newId, tournamentOperations } from '@matchday/contracts'
import type { Json, JsonObject } from '../../message.ts'
import type { CommandEntry } from '../../service/definition.ts'
import { type RequestParts, requestItem } from '../../testing/request-item.ts'
import type { CommandHandler, Decider, DomainEvent } from '../decider.ts'
import { reject } from '../decider.ts'

/**
 * A small domain with everything that the executor must get right: rooms with lockers, and a name that is
 * unique.
 */
export type Room = {
  readonly name: string | null
  readonly closed: boolean
  /** Locker → who has it. */
  readonly taken: { readonly [locker: string]: string }
}
type RoomEvent = DomainEvent

export const rooms: Decider<Room, RoomEvent> = {
  name: 'room',
  snapshotSchema: 1,
  snapshotEvery: 10,
  initial: () => ({ name: null, closed: false, taken: {} }),
  evolve(room, { type, data }) {
    switch (type) {
      case 'opened':
        return { ...room, name: String(data.name) }
      case 'taken':
        return { ...room, taken: { ...room.taken, [String(data.locker)]: String(data.by) } }
      case 'freed': {
        const { [String(data.locker)]: _, ...taken } = room.taken
        return { ...room, taken }
      }
      case 'closed':
        return { ...room, closed: true }
      default:
        throw new Error(`a room knows no ${type}`)
    }
  },
}

type RoomInput = { room: string; name: string; locker: string; by: string; code: string }
type Handler<Facts> = CommandHandler<Room, RoomEvent, RoomInput, Json, 'not-found', Facts>

/**
 * The contracts know no rooms: any operation will do, for only the handler counts. Types are those of the
 * tests.
 */
function entry<Facts>(handler: Partial<Handler<Facts>> & Pick<Handler<Facts>, 'decide'>): CommandEntry {
  const complete = {
    decider: rooms,
    prepare: () => null,
    stream: (input: RoomInput) => input.room,
    present: (answer: JsonObject, version: number) => ({ ...answer, version }),
    ...handler,
  }
  return { kind: 'command', operation: tournamentOperations.pickTeam, handler: complete as never }
}

export const roomCommands = {
  open: entry({
    prepare: () => ({ id: newId() }),
    stream: (input, facts) => input.room ?? facts.id,
    decide: (room, { input }) =>
      room.name !== null
        ? reject('not-found', 'open already')
        : {
            kind: 'accepted',
            events: [{ type: 'opened', data: { name: input.name } }],
            answer: { name: input.name },
            claims: [{ key: `name:${input.name}`, otherwise: 'name-taken' as 'not-found' }],
          },
  }),
  /** On a fence: many at once, and nobody shares, for each says what he takes. */
  take: entry({
    decide(room, { input }) {
      if (room.name === null) return reject('not-found')
      if (room.closed) return reject('joining-closed' as 'not-found')
      if (room.taken[input.locker] !== undefined) return reject('team-taken' as 'not-found')
      return {
        kind: 'accepted',
        events: [{ type: 'taken', data: { locker: input.locker, by: input.by } }],
        answer: { locker: input.locker },
        takes: [input.locker],
        basis: 'fence',
      }
    },
  }),
  /** As an innocent would write it: looks, then writes, and nothing guards what lies between. */
  takeUnguarded: entry({
    decide(room, { input }) {
      if (room.taken[input.locker] !== undefined) return reject('team-taken' as 'not-found')
      return {
        kind: 'accepted',
        events: [{ type: 'taken', data: { locker: input.locker, by: input.by } }],
        answer: { locker: input.locker },
        basis: 'fence',
      }
    },
  }),
  free: entry({
    decide(room, { input }) {
      if (room.taken[input.locker] === undefined) return { kind: 'accepted', events: [], answer: {} }
      return {
        kind: 'accepted',
        events: [{ type: 'freed', data: { locker: input.locker } }],
        answer: { freed: input.locker },
        essential: true,
      }
    },
  }),
  close: entry({
    decide: (room) =>
      room.closed
        ? { kind: 'accepted', events: [], answer: {} }
        : { kind: 'accepted', events: [{ type: 'closed', data: {} }], answer: {}, essential: true },
  }),
  setCode: entry({
    decide: (_room, { input }) => ({
      kind: 'accepted',
      events: [{ type: 'taken', data: { locker: 'code', by: input.code } }],
      answer: {},
      secrets: [{ name: 'code', value: input.code }],
      essential: true,
    }),
  }),
  /** Needs the secret that belongs to the state. */
  readCode: entry({
    prepare: async (input: RoomInput, context) => (await context.secrets(input.room)).get('code') ?? null,
    decide: (room, { facts }) => ({
      kind: 'accepted',
      events: [],
      answer: { code: facts as string | null, told: room.taken.code ?? null },
    }),
  }),
  /** Claims a key of its own making; another stream may hold it although the state can't know. */
  claimKey: entry({
    decide: (_room, { input }) => ({
      kind: 'accepted',
      events: [{ type: 'taken', data: { locker: input.locker, by: 'key' } }],
      answer: {},
      claims: [input.locker],
    }),
  }),
  dropKey: entry({
    decide: (_room, { input }) => ({
      kind: 'accepted',
      events: [{ type: 'freed', data: { locker: input.locker } }],
      answer: {},
      releases: [input.locker],
    }),
  }),
  fail: entry({
    decide() {
      throw new Error('a bug in decide')
    },
  }),
  writeNonsense: entry({
    decide: () => ({ kind: 'accepted', events: [{ type: 'nonsense', data: {} }], answer: {} }),
  }),
} as const satisfies Record<string, CommandEntry>

export const request = (input: Partial<RoomInput>, parts: RequestParts = {}) => requestItem(input, parts)
