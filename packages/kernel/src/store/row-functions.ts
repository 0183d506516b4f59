/**
 * The two ends of a command on rows, between which its handler works in the same transaction.
 *
 * Its stream is locked before anything else, by the very lock that appends take. An advisory lock needs no transaction
 * id, so the id is taken at the first write, when the stream is its own already: whoever has a stream later has the
 * later id, and the order of versions is the order of commits that readers see. If the handler wrote first and the
 * stream were locked when its events are written, two commands could take their ids in one order and their versions in
 * the other.
 *
 * Each look into a table comes after the lock, in a statement of its own: it sees what the one who had the stream
 * before has committed.
 */
export const rowFunctions = /* sql */ `
create function begin_row_command(
  stream_id uuid, answer_id text,
  out stream_version integer, out kept_fingerprint text, out kept_answer json, out kept_version integer
) language plpgsql set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(uuid_hash_extended(stream_id, 0));
  stream_version := coalesce((select version from streams where id = stream_id), 0);
  select fingerprint, answer, version into kept_fingerprint, kept_answer, kept_version
  from answers where id = answer_id;
end $$;

create function end_row_command(
  stream_id uuid, stream_version integer,
  event_types text[], event_data json[], happened_at timestamptz, kind text, who text,
  answer_id text, answer_fingerprint text, answer_body json
) returns void language plpgsql as $$
begin
  if cardinality(event_types) > 0 then
    insert into streams (id, version, fence) values (stream_id, stream_version + cardinality(event_types), 0)
    on conflict (id) do update set version = excluded.version;

    insert into events (stream, version, type, data, at, by_kind, actor)
    select stream_id, stream_version + e.step, e.type, e.data, happened_at, kind, who
    from unnest(event_types, event_data) with ordinality as e (type, data, step);
  end if;

  if answer_id is not null then
    insert into answers (id, fingerprint, answer, stream, version, at)
    values (
      answer_id, answer_fingerprint, answer_body, stream_id,
      stream_version + cardinality(event_types), happened_at
    );
  end if;
end $$;
`
