/**
 * The whole of a group commit, as one statement and so in one transaction. Rows come as parallel arrays; what
 * belongs to an append names it by its place, from 1.
 *
 * Why there is no deadlock between two of these: every kind of lock is taken in one order (streams, then
 * claims, then answers), and each kind in the order of its keys, for the caller passes them sorted. (A claim
 * may also be released, which can cross; the loser of that is told so by the server and tried again.)
 *
 * Why a stream's order of versions is the order of commits that readers see (transaction id, then position):
 * the locks of streams are advisory ones, which need no transaction id. So the id is taken when all streams
 * are locked, and whoever has a stream later has the later id. Row locks would take the id first and then
 * wait.
 *
 * A unique violation (another instance was quicker with a claim or an answer) undoes everything. It is called
 * again with careful = true, which looks first and lets the losers lose alone.
 */
export const appendFunction = /* sql */ `
create function append_batch(
  stream_ids uuid[], expected_versions integer[], expected_fences integer[],
  event_counts integer[], fence_offsets integer[],
  event_appends integer[], event_offsets integer[], event_types text[], event_data json[],
  event_times timestamptz[], event_kinds text[],
  release_appends integer[], release_keys text[],
  claim_appends integer[], claim_keys text[],
  secret_appends integer[], secret_names text[], secret_values text[],
  answer_appends integer[], answer_ids text[], answer_fingerprints text[], answer_bodies json[],
  answer_offsets integer[],
  answered_at timestamptz, careful boolean,
  out befores integer[], out fences integer[], out wins boolean[],
  out lost_answer_appends integer[], out lost_answers text[],
  out lost_claim_appends integer[], out lost_claims text[]
) language plpgsql as $$
begin
  perform pg_advisory_xact_lock(lock_keys.key) from (
    select distinct uuid_hash_extended(id, 0) as key from unnest(stream_ids) as locked (id) order by 1
  ) as lock_keys;

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

    insert into events (stream, version, type, data, at, by_kind)
    select stream_ids[e.append], befores[e.append] + e.step, e.type, e.data, e.at, e.by_kind
    from unnest(event_appends, event_offsets, event_types, event_data, event_times, event_kinds)
      as e (append, step, type, data, at, by_kind)
    where wins[e.append];
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
