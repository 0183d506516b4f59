import type { Json, JsonObject } from '../message.ts'
import { plainArray } from './append-parameters.ts'
import type { Connections } from './database.ts'
import type { LoadedStream, LoadRequest, RecordedEvent } from './port.ts'

/** One statement, so that version, snapshot and events of a stream are of the same moment. */
const statement = {
  name: 'load',
  text: /* sql */ `
    select r.id as stream, coalesce(s.version, 0) as version, coalesce(s.fence, 0) as fence,
      coalesce(s.redactions, 0) as redactions, p.version as snapshot_version, p.state, tail.events
    from unnest($1::uuid[], $2::integer[], $3::integer[]) with ordinality as r (id, after, schema, place)
    left join streams s on s.id = r.id
    left join snapshots p on p.stream = r.id and p.schema = r.schema and r.after = 0
    left join lateral (
      select json_agg(json_build_array(e.version, e.type, e.data, e.at, e.by_kind, e.actor) order by e.version) as events
      from events e
      where e.stream = r.id and e.version > greatest(r.after, coalesce(p.version, 0)) and s.version > r.after
    ) as tail on true
    order by r.place`,
}

type LoadRow = {
  stream: string
  version: number
  fence: number
  redactions: number
  snapshot_version: number | null
  state: Json
  events: readonly (readonly [number, string, JsonObject, string, string, string | null])[] | null
}

export async function loadStreams(
  connections: Connections,
  requests: readonly LoadRequest[],
): Promise<readonly LoadedStream[]> {
  const rows = await connections.query<LoadRow>(statement, [
    plainArray(requests.map((request) => request.stream)),
    plainArray(requests.map((request) => request.after)),
    plainArray(requests.map((request) => request.snapshotSchema)),
  ])
  return rows.map((row) => ({
    stream: row.stream,
    version: row.version,
    fence: row.fence,
    redactions: row.redactions,
    snapshot: row.snapshot_version === null ? null : { version: row.snapshot_version, state: row.state },
    events: (row.events ?? []).map(
      ([version, type, data, at, by, actor]): RecordedEvent => ({
        stream: row.stream,
        version,
        type,
        data,
        at: new Date(at).toISOString(),
        by,
        ...(actor === null ? {} : { actor }),
      }),
    ),
  }))
}
