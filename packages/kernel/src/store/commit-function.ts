/**
 * Who did it, and what is taken back. Columns are only added, so the version before goes on beside this one; it
 * writes events without an actor.
 *
 * A redaction replaces what earlier events of a stream say. Whatever was computed from the stream before, anywhere,
 * must not come back after it. So a stream counts its redactions: a state belongs to one count, is computed anew
 * when there is another one, and is kept as a snapshot of that count alone.
 *
 * The table of snapshots sees to that itself, for an instance of the version before doesn't know of it: what it saves
 * is of count 0, and left out when the stream has another one. A lock (not that of the stream, for which all appends
 * wait) keeps a snapshot that has been looked at from being written while the redaction deletes what is there.
 */
export const redactionTables = /* sql */ `
alter table events add column actor text;
-- Null where there is none: a default would cost each append.
alter table streams add column redactions integer;
alter table snapshots add column redactions integer not null default 0;

create function leave_out_redacted() returns trigger language plpgsql set search_path from current as $$
begin
  perform pg_advisory_xact_lock_shared(uuid_hash_extended(new.stream, 1));
  if new.redactions = (select coalesce(redactions, 0) from streams where id = new.stream) then
    return new;
  end if;
  return null;
end $$;
create trigger leave_out_redacted before insert on snapshots
  for each row execute function leave_out_redacted();
`

/**
 * What `append_batch` is (see there for locks and order), with actors, redactions and forgotten secrets. Both are
 * replaced in `append-events-function.ts`.
 *
 * Redactions of an event that is not there undo everything: whoever believes that something is gone must be right.
 * They are rare, so they come as one text, which is null in nearly all calls: an array costs each of them.
 */
export const commitFunction = /* sql */ `
create function commit_batch(
  stream_ids uuid[], expected_versions integer[], expected_fences integer[],
  event_counts integer[], fence_offsets integer[],
  event_appends integer[], event_offsets integer[], event_types text[], event_data json[],
  event_times timestamptz[], event_kinds text[], event_actors text[],
  redacted_events json,
  release_appends integer[], release_keys text[],
  claim_appends integer[], claim_keys text[],
  forgotten_secrets json,
  secret_appends integer[], secret_names text[], secret_values text[],
  answer_appends integer[], answer_ids text[], answer_fingerprints text[], answer_bodies json[],
  answer_offsets integer[],
  answered_at timestamptz, careful boolean,
  out befores integer[], out fences integer[], out wins boolean[],
  out lost_answer_appends integer[], out lost_answers text[],
  out lost_claim_appends integer[], out lost_claims text[]
) language plpgsql as $$
declare
  redacted_rows bigint;
  redacting uuid[];
begin
  perform pg_advisory_xact_lock(lock_keys.key) from (
    select distinct uuid_hash_extended(id, 0) as key from unnest(stream_ids) as locked (id) order by 1
  ) as lock_keys;

  if redacted_events is not null then
    perform pg_advisory_xact_lock(lock_keys.key) from (
      select distinct uuid_hash_extended(stream_ids[r.append], 1) as key
      from json_to_recordset(redacted_events) as r (append integer) order by 1
    ) as lock_keys;
  end if;

  select
    array_agg(was.version), array_agg(was.fence),
    array_agg(
      case when was.expected_version is not null then was.version = was.expected_version
      else was.fence <= was.expected_fence and was.version >= was.expected_fence end
    )
  into befores, fences, wins
  from (
    select a.expected_version, a.expected_fence, coalesce(s.version, 0) as version, coalesce(s.fence, 0) as fence
    from unnest(stream_ids, expected_versions, expected_fences) with ordinality
      as a (id, expected_version, expected_fence, place)
    left join streams s on s.id = a.id
    order by a.place
  ) as was;

  if careful then
    select array_agg(a.append), array_agg(a.id) into lost_answer_appends, lost_answers
    from unnest(answer_appends, answer_ids) as a (append, id)
    join answers on answers.id = a.id;

    select array_agg(c.append), array_agg(c.key) into lost_claim_appends, lost_claims
    from unnest(claim_appends, claim_keys) as c (append, key)
    join claims on claims.key = c.key
    where wins[c.append] and not exists (
      select from unnest(release_appends, release_keys) as r (append, key)
      where r.append = c.append and r.key = c.key and claims.stream = stream_ids[c.append]
    );

    select array_agg(
      w.won and not w.place = any (coalesce(lost_answer_appends, '{}') || coalesce(lost_claim_appends, '{}'))
      order by w.place
    ) into wins
    from unnest(wins) with ordinality as w (won, place);
  end if;

  if cardinality(event_appends) > 0 then
    insert into streams (id, version, fence)
    select a.id, befores[a.place] + a.events,
      case when a.fence > 0 then befores[a.place] + a.fence else fences[a.place] end
    from unnest(stream_ids, event_counts, fence_offsets) with ordinality as a (id, events, fence, place)
    where wins[a.place] and a.events > 0
    on conflict (id) do update set version = excluded.version, fence = excluded.fence;

    insert into events (stream, version, type, data, at, by_kind, actor)
    select stream_ids[e.append], befores[e.append] + e.step, e.type, e.data, e.at, e.by_kind, e.actor
    from unnest(event_appends, event_offsets, event_types, event_data, event_times, event_kinds, event_actors)
      as e (append, step, type, data, at, by_kind, actor)
    where wins[e.append];
  end if;

  if redacted_events is not null then
    select array_agg(distinct stream_ids[r.append]) into redacting
    from json_to_recordset(redacted_events) as r (append integer) where wins[r.append];

    update streams set redactions = coalesce(redactions, 0) + 1 where id = any (redacting);
    delete from snapshots where stream = any (redacting);

    update events set data = r.data
    from json_to_recordset(redacted_events) as r (append integer, version integer, data json)
    where wins[r.append] and events.stream = stream_ids[r.append] and events.version = r.version;
    get diagnostics redacted_rows = row_count;
    if redacted_rows <> (
      select count(distinct (r.append, r.version))
      from json_to_recordset(redacted_events) as r (append integer, version integer) where wins[r.append]
    ) then
      raise exception 'an event that is to be redacted is not there';
    end if;
  end if;

  if cardinality(release_appends) > 0 then
    delete from claims using unnest(release_appends, release_keys) as r (append, key)
    where wins[r.append] and claims.key = r.key and claims.stream = stream_ids[r.append];
  end if;

  if cardinality(claim_appends) > 0 then
    insert into claims (key, stream)
    select c.key, stream_ids[c.append] from unnest(claim_appends, claim_keys) as c (append, key)
    where wins[c.append];
  end if;

  if forgotten_secrets is not null then
    delete from secrets using json_to_recordset(forgotten_secrets) as f (append integer, name text)
    where wins[f.append] and secrets.stream = stream_ids[f.append] and secrets.name = f.name;
  end if;

  if cardinality(secret_appends) > 0 then
    insert into secrets (stream, name, value)
    select stream_ids[x.append], x.name, x.value
    from unnest(secret_appends, secret_names, secret_values) as x (append, name, value)
    where wins[x.append]
    on conflict (stream, name) do update set value = excluded.value;
  end if;

  if cardinality(answer_appends) > 0 then
    insert into answers (id, fingerprint, answer, stream, version, at)
    select a.id, a.fingerprint, a.body, stream_ids[a.append], befores[a.append] + a.step, answered_at
    from unnest(answer_appends, answer_ids, answer_fingerprints, answer_bodies, answer_offsets)
      as a (append, id, fingerprint, body, step)
    where wins[a.append];
  end if;
end $$;
`
