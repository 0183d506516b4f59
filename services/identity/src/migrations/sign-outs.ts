/** Which administrator has signed out whose account, everywhere. The ids stay when an account goes. */
export const signOuts = /* sql */ `
create table sign_outs (
  id uuid primary key,
  at timestamptz not null,
  by uuid not null,
  account_id uuid not null
);
`
