import { type PlayerAccountId, playerIdentityOperations, tournamentInternals } from '@matchday/contracts'
import { Fault, read } from '@matchday/kernel'
import type { IdentityParts } from '../parts.ts'
import { type Session, sessionColumns } from '../sessions/sessions.ts'
import { ownAccount } from './get-profile.ts'

const sessionsStatement = `select ${sessionColumns} from sessions where account_id = $1 order by id`
const identitiesStatement =
  'select issuer, subject from oidc_identities where account_id = $1 order by issuer'

/** By an administrator. Whose duty it was is his own affair. */
const signOutsStatement = 'select at from sign_outs where account_id = $1 order by id'

/** Everything but what only machines can use: hashes. */
export const exportPlayerData = ({ clock }: Pick<IdentityParts, 'clock'>) =>
  read(playerIdentityOperations.exportPlayerData, async (_input, caller, { rows, ask }) => {
    const account = await ownAccount(rows, caller)
    const { id, passwordHash, createdAt, confirmedAt, email, firstName, lastName, language } = account
    // The guard lets players alone in.
    const seats = await ask(tournamentInternals.exportSeats, { accountId: id as PlayerAccountId })
    if (seats.kind === 'rejected') throw new Fault('internal', 'seats are never refused')
    const sessions = await rows<Session>(sessionsStatement, [id])
    const signsInWith = await rows<{ issuer: string; subject: string }>(identitiesStatement, [id])
    const signOuts = await rows<{ at: Date }>(signOutsStatement, [id])
    const body = {
      format: 'matchday-player-export-v1' as const,
      exportedAt: new Date(clock.now()).toISOString(),
      account: {
        accountId: id,
        email,
        firstName,
        lastName,
        language,
        showsFullName: account.showsFullName,
        hasPassword: passwordHash !== null,
        createdAt: createdAt.toISOString(),
        confirmedAt: confirmedAt?.toISOString() ?? null,
        signsInWith: signsInWith.map(({ issuer, subject }) => ({ issuer, subject })),
        signedOutAt: signOuts.map(({ at }) => at.toISOString()),
      },
      sessions: sessions.map(({ id: sessionId, beganAt, usedAt, expiresAt, device }) => ({
        sessionId,
        device,
        beganAt: beganAt.toISOString(),
        usedAt: usedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      })),
      seats: seats.body.seats,
    }
    return { kind: 'ok', body }
  })
