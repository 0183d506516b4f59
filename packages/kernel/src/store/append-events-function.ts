/**
 * What `commit_batch` was (see `append_batch` for locks and their order), with what events take.
 *
 * An append on a fence may have been decided without the latest events of its stream. If one of those took what it
 * takes, it loses, and is decided again. That is asked only when there are such events, and costs a commit nothing
 * otherwise; a claim, which is a row under a unique key, costs one insert into a table and one into its index.
 *
 * A stream's row is changed, and inserted only when there is none: `on conflict do update` would look for it once more
 * and lock it before. Nobody comes in between, for the stream is locked.
 *
 * The outcome is one text: the arrays of a record would be described and read one by one.
 *
 * The functions of before go, and with them all older versions: what these write says nothing of what it takes.
 */
export const appendEventsFunction = /* sql */ `
alter table events add column takes text;

drop function append_batch;
drop function commit_batch;

create function append_events(
  stream_ids uuid[], expected_versions integer[], expected_fences integer[],
  event_counts integer[], fence_offsets integer[],
  event_appends integer[], event_offsets integer[], event_types text[], event_data json,
  event_times timestamptz[], event_kinds text[], event_actors text[], event_takes text[],
  redacted_events json,
  release_appends integer[], release_keys text[],
  claim_appends integer[], claim_keys text[],
  forgotten_secrets json,
  secret_appends integer[], secret_names text[], secret_values text[],
  answer_appends integer[], answer_ids text[], answer_fingerprints text[], answer_bodies json,
  answer_offsets integer[],
  answered_at timestamptz, careful boolean
) returns json language plpgsql as $$
declare
  befores integer[];
  fences integer[];
  wins boolean[];
  is_any_new boolean;
  is_any_behind boolean;
  late_appends integer[];
  lost_answer_appends integer[];
  lost_answers text[];
  lost_claim_appends integer[];
  lost_claims text[];
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
    ),
    bool_or(was.version = 0), bool_or(was.version > was.expected_fence)
  into befores, fences, wins, is_any_new, is_any_behind
  from (
    select a.expected_version, a.expected_fence, coalesce(s.version, 0) as version, coalesce(s.fence, 0) as fence
    from unnest(stream_ids, expected_versions, expected_fences) with ordinality
      as a (id, expected_version, expected_fence, place)
    left join streams s on s.id = a.id
    order by a.place
  ) as was;

  if is_any_behind then
    select array_agg(e.append) into late_appends
    from unnest(event_appends, event_takes) as e (append, takes)
    join events taken on taken.stream = stream_ids[e.append] and taken.version > expected_fences[e.append]
    where string_to_array(taken.takes, E'\\n') && string_to_array(e.takes, E'\\n');
  end if;

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
  end if;

  if late_appends is not null or lost_answer_appends is not null or lost_claim_appends is not null then
    select array_agg(
      w.won and not w.place = any (late_appends || lost_answer_appends || lost_claim_appends) order by w.place
    ) into wins
    from unnest(wins) with ordinality as w (won, place);
  end if;

  if cardinality(event_appends) > 0 then
    update streams set
      version = befores[a.place] + a.events,
      fence = case when a.fence > 0 then befores[a.place] + a.fence else fences[a.place] end
    from unnest(stream_ids, event_counts, fence_offsets) with ordinality as a (id, events, fence, place)
    where streams.id = a.id and wins[a.place] and a.events > 0;

    if is_any_new then
      insert into streams (id, version, fence)
      select a.id, a.events, a.fence
      from unnest(stream_ids, event_counts, fence_offsets) with ordinality as a (id, events, fence, place)
      where befores[a.place] = 0 and wins[a.place] and a.events > 0;
    end if;

    insert into events (stream, version, type, data, at, by_kind, actor, takes)
    select stream_ids[e.append], befores[e.append] + e.step, e.type, e.data, e.at, e.by_kind, e.actor, e.takes
    from rows from (
      unnest(event_appends, event_offsets, event_types, event_times, event_kinds, event_actors, event_takes),
      json_array_elements(event_data)
    ) as e (append, step, type, at, by_kind, actor, takes, data)
    where wins[e.append];
  end if;

  if redacted_events is not null then
    select array_agg(distinct stream_ids[r.append]) into redacting
    from json_to_recordset(redacted_events) as r (append integer) where wins[r.append];

    update streams set redactions = coalesce(redactions, 0) + 1 where id = any (redacting);
    delete from snapshots where stream = any (redacting);

    update events set data = r.data, takes = null
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
    from rows from (
      unnest(answer_appends, answer_ids, answer_fingerprints, answer_offsets), json_array_elements(answer_bodies)
    ) as a (append, id, fingerprint, step, body)
    where wins[a.append];
  end if;

  return json_build_object(
    'befores', befores, 'fences', fences, 'wins', wins,
    'lostAnswerAppends', lost_answer_appends, 'lostAnswers', lost_answers,
    'lostClaimAppends', lost_claim_appends, 'lostClaims', lost_claims
  );
end $$;
`
