import type { Static, TObject } from 'typebox'

/** The events of one service: type → schema of its data. */
export type EventSchemas = Record<string, TObject>
export type EventCatalogue<Schemas extends EventSchemas = EventSchemas> = {
  service: string
  schemas: Schemas
}

export function events<const Schemas extends EventSchemas>(
  service: string,
  schemas: Schemas,
): EventCatalogue<Schemas> {
  return { service, schemas }
}

/** The union of a catalogue's events, each `{type, data}`. */
export type EventOf<Catalogue extends EventCatalogue> = {
  [Type in keyof Catalogue['schemas'] & string]: { type: Type; data: Static<Catalogue['schemas'][Type]> }
}[keyof Catalogue['schemas'] & string]
