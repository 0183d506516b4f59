/**
 * Accounts and what belongs to them. Whatever is personal hangs on an account by a foreign key that deletes with it;
 * `revocations` holds ids alone, for a quarter of an hour.
 */
export const tables = /* sql */ `
create table accounts (
  id uuid primary key,
  email text not null,
  email_key text collate "C" not null constraint accounts_email_is_unique unique,
  first_name text not null,
  last_name text not null,
  language text not null check (language in ('en', 'de')),
  -- Null: signs in with another service alone, or has not set a password yet.
  password_hash text,
  -- When it was proved that the address is his.
  confirmed_at timestamptz,
  -- Tokens of an earlier generation are no longer good.
  generation integer not null default 1 check (generation >= 1),
  phone text,
  platform_role text check (platform_role in ('superadmin', 'admin')),
  shows_full_name boolean not null default false,
  created_at timestamptz not null
);
create index administrators on accounts (created_at, id) where platform_role is not null;

create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  -- How often its refresh token was renewed; of the latest one there is only the hash.
  rotation integer not null default 0 check (rotation >= 0),
  token_hash bytea not null check (length(token_hash) = 32),
  rotated_at timestamptz not null,
  began_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null,
  -- A few words of the edge's own.
  device text check (length(device) <= 60)
);
create index sessions_of_account on sessions (account_id, began_at, id);
create index sessions_by_end on sessions (expires_at);

-- What ended while tokens that were given before may still be in somebody's hands. Without a foreign key: accounts
-- that were deleted are among them.
create table revocations (
  id bigint generated always as identity primary key,
  account_id uuid not null,
  -- Null: all sessions of a generation before this one.
  session_id uuid,
  generation integer,
  at timestamptz not null,
  check ((session_id is null) <> (generation is null))
);
create index revocations_by_age on revocations (at);

-- Sign-ups that wait for their link. Accounts are made by the link together with this very password, so that nobody
-- can prepare one for somebody else. Two that wait for one address know nothing of each other.
create table sign_ups (
  id uuid primary key,
  email text not null,
  email_key text collate "C" not null,
  first_name text not null,
  last_name text not null,
  language text not null check (language in ('en', 'de')),
  password_hash text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sign_ups_by_email on sign_ups (email_key);
create index sign_ups_by_end on sign_ups (expires_at);

-- Links that set a password. The token is derived from the id and kept nowhere.
create table reset_links (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index reset_links_of_account on reset_links (account_id);
create index reset_links_by_end on reset_links (expires_at);

-- The one link that makes the first account, as long as there is none.
create table setup (
  single boolean primary key default true check (single),
  link_id uuid not null,
  created_at timestamptz not null
);

-- A mail is told by what it is about; its text is made when it is sent. \`nothing\`: for an address that nobody has,
-- so that asking costs the same; it is never sent and holds no address.
create table mails (
  id uuid primary key,
  kind text not null check (kind in ('confirm', 'known-address', 'reset', 'administrator', 'nothing')),
  account_id uuid references accounts on delete cascade,
  sign_up_id uuid references sign_ups on delete cascade,
  reset_link_id uuid references reset_links on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  next_try_at timestamptz not null,
  sent_at timestamptz,
  check (kind = 'nothing' or (account_id is null) <> (sign_up_id is null))
);
create index mails_waiting on mails (next_try_at) where sent_at is null;
create index mails_by_age on mails (created_at, id);
create index mails_of_account on mails (account_id);
create index mails_of_sign_up on mails (sign_up_id);
create index mails_of_reset_link on mails (reset_link_id);

create table signing_keys (
  kid text collate "C" primary key,
  public_key jsonb not null,
  -- Encrypted (JWE) under a key that the database does not have.
  private_key text not null,
  signs_from timestamptz not null,
  -- Null: nothing follows it yet.
  published_until timestamptz
);
create index signing_keys_by_start on signing_keys (signs_from);

-- Who went to the other service to sign in there, and has not come back.
create table oidc_attempts (
  id uuid primary key,
  expires_at timestamptz not null
);
create index oidc_attempts_by_end on oidc_attempts (expires_at);

create table oidc_identities (
  issuer text collate "C" not null,
  subject text collate "C" not null,
  account_id uuid not null references accounts on delete cascade,
  primary key (issuer, subject)
);
create index oidc_identities_of_account on oidc_identities (account_id);

create table api_keys (
  id uuid primary key,
  organization_id uuid not null,
  name text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  hash text collate "C" not null constraint api_keys_hash_is_unique unique,
  start text not null,
  created_at timestamptz not null,
  created_by uuid references accounts on delete set null,
  expires_at timestamptz,
  used_at timestamptz
);
create index api_keys_of_organization on api_keys (organization_id, id);
create index api_keys_of_account on api_keys (created_by);

-- What was done to administrators' accounts. The ids stay; \`after\` goes with the account.
create table administrator_changes (
  id uuid primary key,
  at timestamptz not null,
  by uuid,
  account_id uuid not null,
  change text not null check (change in ('added', 'changed', 'removed')),
  after jsonb
);
create index administrator_changes_of_account on administrator_changes (account_id, id);

-- What no foreign key reaches.
create function forget_account() returns trigger language plpgsql set search_path from current as $$
begin
  update administrator_changes set after = null where account_id = old.id and after is not null;
  delete from sign_ups where email_key = old.email_key;
  return old;
end $$;
create trigger account_is_forgotten after delete on accounts for each row execute function forget_account();
`
