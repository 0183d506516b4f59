import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@matchday/kernel'
import type { DerivedKeys } from '../tokens/derived-keys.ts'
import type { BudgetLimits } from './budget-limits.ts'

/** Runs one statement, which commits by itself. */
export type Rows = <Row>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>

/** `unknown`: it was not made after all. */
export type TryOutcome = 'right' | 'wrong' | 'unknown'
/** A try that may be made. Whoever was given it says what became of it; unsaid, it is pending for its window. */
export type Try = { readonly kind: 'allowed'; settle(outcome: TryOutcome): Promise<void> }
export type Refused = { readonly kind: 'refused'; readonly retryAfterS: number }

export type Budgets = {
  /** What became of tries in this process; `refused`: there was none. */
  readonly tries: Readonly<Record<TryOutcome | 'refused', number>>
  /** Whether a password may be tried. `subject`: whose (an address of mail, or an id, whether or not it exists). */
  beginTry(rows: Rows, subject: string, address: string | undefined): Promise<Try | Refused>
  /** Whether an address may ask for one more account, link or mail. */
  takeRequest(rows: Rows, address: string | undefined): Promise<Refused | null>
  /** Whether one more mail may go to somebody because this address asks for it. */
  takeMail(rows: Rows, email: string, address: string | undefined): Promise<boolean>
}

type Verdict = { readonly verdict: 'allowed' | 'busy' | 'refused'; readonly wait_s: number }
type Spent = { readonly used: number; readonly left_s: number }

const beginStatement = 'select verdict, wait_s from begin_try($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)'
const settleStatement = 'select settle_try($1, $2, $3, $4, $5, $6)'
const spendStatement = 'select used, left_s from spend($1, $2, $3)'

export function createBudgets(limits: BudgetLimits, keys: DerivedKeys, clock: Clock): Budgets {
  const keyOf = (...parts: readonly string[]) => keys.mac('budget', ...parts).toString('base64url')
  const now = () => new Date(clock.now()).toISOString()
  const tries = { right: 0, wrong: 0, unknown: 0, refused: 0 }
  const refuseTry = (seconds: number) => {
    tries.refused++
    return refusedFor(seconds)
  }
  const spend = async (rows: Rows, key: string, windowS: number): Promise<Spent> => {
    const [spent] = await rows<Spent>(spendStatement, [key, windowS, now()])
    return spent!
  }

  return {
    tries,

    async beginTry(rows, subject, address = 'unknown') {
      const tried = ['account', subject]
      const budgetKeys = [
        keyOf(...tried),
        keyOf(...tried, 'address', address),
        keyOf('address', address),
        keyOf('everybody'),
      ]
      const settle = async (outcome: TryOutcome) => {
        tries[outcome]++
        await rows(settleStatement, [...budgetKeys, outcome, now()])
      }
      const made = await spend(rows, keyOf('tries', address), limits.addressWindowS)
      if (made.used >= limits.addressTriesMax) return refuseTry(made.left_s)
      for (let waitedMs = 0; ; waitedMs += limits.busyStepMs) {
        const [found] = await rows<Verdict>(beginStatement, [
          ...budgetKeys,
          limits.accountFailuresMax,
          limits.accountWindowS,
          limits.slowS,
          limits.addressFailuresMax,
          limits.addressWindowS,
          limits.globalFailuresMax,
          now(),
        ])
        const { verdict, wait_s: waitS } = found!
        if (verdict === 'allowed') return { kind: 'allowed', settle }
        if (verdict === 'refused') return refuseTry(waitS)
        if (waitedMs >= limits.busyMs) return refuseTry(1)
        await pause(limits.busyStepMs)
      }
    },

    async takeRequest(rows, address = 'unknown') {
      const { used, left_s: leftS } = await spend(rows, keyOf('requests', address), limits.requestsWindowS)
      return used < limits.requestsPerAddressMax ? null : refusedFor(leftS)
    },

    async takeMail(rows, email, address = 'unknown') {
      const asked = await spend(rows, keyOf('mail', email, 'by', address), limits.mailsWindowS)
      const inAll = await spend(rows, keyOf('mail', email), limits.mailsWindowS)
      if (asked.used === 0) return true
      return asked.used < limits.mailsPerAskerMax && inAll.used < limits.mailsPerPersonMax
    },
  }
}

function refusedFor(seconds: number): Refused {
  return { kind: 'refused', retryAfterS: Math.max(1, Math.ceil(seconds)) }
}
