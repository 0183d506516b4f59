/**
 * Budgets, shared by all instances. Keys are HMACs: nobody's address stands here. Unlogged, for they are worth
 * nothing after a crash and must not cost a write to the disk before each sign-in.
 */
export const budgets = /* sql */ `
create unlogged table budgets (
  key text collate "C" primary key,
  -- Tries that are being made, and that failed, in the window that ends at \`ends_at\`.
  pending integer not null default 0 check (pending >= 0),
  failed integer not null default 0 check (failed >= 0),
  failed_at timestamptz,
  ends_at timestamptz not null
) with (fillfactor = 50);
create index budgets_by_end on budgets (ends_at);

-- Brings the row of a key to its present window, and locks it.
create function open_budget(budget_key text, window_s integer, now timestamptz)
returns budgets language sql as $$
  insert into budgets as b (key, ends_at) values (budget_key, now + window_s * interval '1 second')
  on conflict (key) do update set
    pending = case when b.ends_at <= now then 0 else b.pending end,
    failed = case when b.ends_at <= now then 0 else b.failed end,
    failed_at = case when b.ends_at <= now then null else b.failed_at end,
    ends_at = case when b.ends_at <= now then excluded.ends_at else b.ends_at end
  returning b.*
$$;

-- Takes one of \`used_max\` in a window. How many were taken before, and for how long the window lasts.
create function spend(budget_key text, window_s integer, now timestamptz)
returns table (used integer, left_s double precision) language plpgsql as $$
declare
  budget budgets;
begin
  budget := open_budget(budget_key, window_s, now);
  update budgets set failed = failed + 1 where key = budget_key;
  return query select budget.failed, extract(epoch from budget.ends_at - now)::double precision;
end $$;

/*
 * Whether a password may be tried. The keys are those of the account, of account and address together, of the
 * address, and of everybody, always locked in this order. What is allowed counts as pending, until settle_try.
 *
 * - An address: as many failures as it may have; what is still pending is waited for, not refused.
 * - An account: after its failures it is slow. Then an address that has not failed at it may try at once, and one
 *   that has must wait, twice as long after each failure of its own: so nobody can lock out anybody else.
 * - Everybody: after these failures, addresses that have failed lately must wait.
 *
 * verdict: allowed, busy (ask again in a moment) or refused (in wait_s).
 */
create function begin_try(
  account_key text, pair_key text, address_key text, global_key text,
  account_max integer, account_window_s integer, slow_s integer,
  address_max integer, address_window_s integer, global_max integer, now timestamptz
) returns table (verdict text, wait_s double precision) language plpgsql as $$
declare
  account budgets := open_budget(account_key, account_window_s, now);
  pair budgets := open_budget(pair_key, account_window_s, now);
  address budgets := open_budget(address_key, address_window_s, now);
  everybody budgets := open_budget(global_key, address_window_s, now);
  free_at timestamptz;
begin
  if address.failed >= address_max then
    return query select 'refused', extract(epoch from address.ends_at - now)::double precision;
    return;
  end if;
  if everybody.failed >= global_max and address.failed > 0 then
    return query select 'refused', extract(epoch from everybody.ends_at - now)::double precision;
    return;
  end if;
  if address.failed + address.pending >= address_max then
    return query select 'busy', 0::double precision;
    return;
  end if;
  if account.failed + account.pending >= account_max then
    if pair.failed > 0 then
      free_at := least(
        pair.failed_at + slow_s * power(2, least(pair.failed - 1, 20)) * interval '1 second', pair.ends_at);
      if free_at > now then
        return query select 'refused', extract(epoch from free_at - now)::double precision;
        return;
      end if;
    end if;
    if pair.pending > 0 then
      return query select 'busy', 0::double precision;
      return;
    end if;
  end if;
  update budgets set pending = pending + 1 where key in (account_key, pair_key, address_key, global_key);
  return query select 'allowed', 0::double precision;
end $$;

-- What became of a try: right, wrong, or unknown (it was not made). A window that has ended meanwhile knows nothing
-- of it. Who was right begins anew at this account and address.
create function settle_try(
  account_key text, pair_key text, address_key text, global_key text, outcome text, now timestamptz
) returns void language plpgsql as $$
declare
  budget_key text;
begin
  foreach budget_key in array array[account_key, pair_key, address_key, global_key] loop
    update budgets set
      pending = greatest(pending - 1, 0),
      failed = case
        when outcome = 'wrong' then failed + 1
        when outcome = 'right' and key = pair_key then 0
        else failed
      end,
      failed_at = case when outcome = 'wrong' then now else failed_at end
      where key = budget_key and ends_at > now;
  end loop;
end $$;
`
