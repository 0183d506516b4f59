import type { Caller, OrganizationId, Policy, Scope, TournamentId } from '@matchday/contracts'
import type { ReadContext } from '@matchday/kernel'
import { accountIn } from './account-mark.ts'
import { type Access, noAccess } from './domain/access.ts'
import { standingOf } from './standings.ts'
import { knownOrganization } from './views/organizations.ts'

type Sources = Pick<ReadContext, 'rows' | 'ask'>
/** What an operation's contract says about who may call it; operations between services say nothing. */
export type Rule = { readonly policy: Policy; readonly scope?: Scope | undefined }

/** Where it matters what the caller is in the organisation, beyond seeing what is private. */
const asked: readonly Policy[] = ['organizer', 'organizer-or-self', 'self', 'player']

/** What is to be found out about a caller. A promise only where somebody has to be asked. */
export function accessFacts(
  sources: Sources,
  rule: Rule,
  caller: Caller,
  target: { readonly id: TournamentId; readonly organizationId: OrganizationId | null },
): Access | Promise<Access> {
  const { id, organizationId } = target
  const account = caller.kind === 'player-account' ? accountIn(id, caller.accountId).mark : null
  if (organizationId === null) return account === null ? noAccess : { ...noAccess, account }
  return accessIn(sources, rule, caller, { account, organizationId })
}

async function accessIn(
  sources: Sources,
  { policy, scope }: Rule,
  caller: Caller,
  known: { readonly account: string | null; readonly organizationId: OrganizationId },
): Promise<Access> {
  const { organizationId } = known
  const [organization, standing] = await Promise.all([
    knownOrganization(sources, organizationId),
    asked.includes(policy) ? standingOf(sources.ask, caller, organizationId, scope) : null,
  ])
  return { ...known, organization: organization?.status ?? null, standing }
}
