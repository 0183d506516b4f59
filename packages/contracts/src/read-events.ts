import { type Static, Type } from 'typebox'
import { internalOperations } from './operation.ts'
import { Closed, Nullable, TimeSchema } from './schemas.ts'

/** Where a reader stands in a service's log. Only that service knows what it means. */
const CheckpointSchema = Closed({ epoch: Type.String(), xid: Type.String(), position: Type.String() })

const EventSchema = Type.Object({
  stream: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  type: Type.String(),
  data: Type.Object({}, { additionalProperties: true }),
  at: TimeSchema,
  by: Type.String({ description: 'The kind of caller that caused it' }),
  actor: Type.Optional(Type.String({ description: 'Who exactly, where there is an id' })),
})

/** Events in one answer; fewer when they are large, and then there are more behind them. */
export const eventsPerAnswerMax = 500

/** The operation by which every service tells other services its events, none skipped. */
export function readEventsOf(service: string) {
  return internalOperations(service, {
    readEvents: {
      summary: 'Events of all streams, in the order of commits, after a place in the log',
      kind: 'query',
      // Many of them fill an answer.
      travelsAlone: true,
      body: Closed({
        after: Nullable(CheckpointSchema),
        limit: Type.Integer({
          minimum: 1,
          maximum: eventsPerAnswerMax,
          description: 'So many are looked at',
        }),
        types: Type.Optional(
          Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100, description: 'Others are left out' }),
        ),
      }),
      output: Closed({
        events: Type.Array(EventSchema, { maxItems: eventsPerAnswerMax }),
        checkpoint: Nullable(CheckpointSchema),
        isFull: Type.Boolean({ description: 'There may be more behind the checkpoint' }),
        epoch: Type.String({
          description: 'Another one than that of `after`: begin anew; there are no events',
        }),
      }),
      rejections: [],
    },
  }).readEvents
}
export type EventsAnswer = Static<ReturnType<typeof readEventsOf>['output']>
