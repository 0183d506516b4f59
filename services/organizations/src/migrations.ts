import type { Migration } from '@matchday/kernel'

/**
 * Everything of an organisation hangs on its row and goes with it. What is paged is indexed in the order in which it
 * is shown; ids are UUIDv7, so their order is that of time.
 */
const tables = /* sql */ `
create table organizations (
  organization_id uuid primary key,
  name text not null,
  name_key text collate "C" not null constraint organizations_name_key unique,
  address text,
  website text,
  status text not null check (status in ('pending', 'approved', 'blocked')),
  -- That of its stream: how many events it has.
  version integer not null,
  created_at timestamptz not null
);

create table members (
  member_id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  account_id uuid not null,
  role text not null check (role in ('owner', 'manager', 'support')),
  since timestamptz not null,
  constraint members_account unique (organization_id, account_id)
);
create index members_in_order on members (organization_id, member_id);
create index members_of_account on members (account_id, organization_id);

create table invitations (
  invitation_id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  role text not null check (role in ('owner', 'manager', 'support')),
  note text,
  -- SHA-256 of the token, in hexadecimal; the token itself is nowhere.
  token_hash text collate "C" not null constraint invitations_token unique,
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index invitations_in_order on invitations (organization_id, invitation_id);
create index invitations_of_account on invitations (created_by, organization_id);

-- Into which organisation an administrator looks: one at a time.
create table previews (
  account_id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  until timestamptz not null
);
create index previews_of_organization on previews (organization_id);

create table contacts (
  contact_id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  tournament_id uuid not null,
  first_name text not null,
  last_name text not null,
  email text,
  phone text,
  notes text not null
);
create index contacts_in_order on contacts (organization_id, contact_id);
create index contacts_of_tournament on contacts (organization_id, tournament_id, contact_id);

create table incidents (
  incident_id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  tournament_id uuid not null,
  name text not null,
  description text not null,
  status text not null check (status in ('to-do', 'in-progress', 'resolved', 'cancelled')),
  priority text not null check (priority in ('low', 'medium', 'high')),
  author_kind text not null,
  author_id text not null,
  created_at timestamptz not null,
  closed_at timestamptz
);
create index incidents_in_order on incidents (organization_id, incident_id);
create index incidents_of_tournament on incidents (organization_id, tournament_id, incident_id);

create table comments (
  comment_id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  incident_id uuid not null references incidents on delete cascade,
  content text not null,
  author_kind text not null,
  author_id text not null,
  created_at timestamptz not null,
  changed_at timestamptz
);
create index comments_in_order on comments (incident_id, comment_id);
create index comments_of_organization on comments (organization_id);

create table changelog (
  change_id uuid primary key,
  -- Null: what is told here belongs to no organisation, or to one that is gone.
  organization_id uuid references organizations on delete cascade,
  thing text not null,
  thing_id text collate "C" not null,
  action text not null,
  after json,
  by_kind text not null,
  by_id text collate "C",
  at timestamptz not null
);
create index changelog_in_order on changelog (organization_id, change_id);
create index changelog_by_actor on changelog (organization_id, by_id, change_id);
create index changelog_of_thing on changelog (thing_id, thing);
create index changelog_of_administrators on changelog (change_id) where by_kind = 'administrator';
create index changelog_of_administrator on changelog (by_id, change_id) where by_kind = 'administrator';

-- Accounts that are gone, for as long as somebody may still hold a token of theirs.
create table departed_accounts (
  account_id uuid primary key,
  at timestamptz not null
);
`

/** Never change a step that was released; add the next one at the end. */
export const organizationMigrations: readonly Migration[] = [{ id: 'organizations-1-tables', sql: tables }]
