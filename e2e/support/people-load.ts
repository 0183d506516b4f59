import { newId, type OperationName } from '@matchday/contracts'
import { type Account, freshEmail, freshPassword, outboxOf, realmOperations, tokensOf } from './accounts.ts'
import { type Answer, type Call, call } from './client.ts'

/** What was acknowledged of one person: his account, his organisation, and what he made and where he sits. */
export type Person = {
  readonly account: Account
  organizationId: string | null
  organizationName: string
  /** Tournaments of his organisation, or those in which he has a seat. */
  readonly tournaments: string[]
}

const unknownStatus = [500, 502, 503, 504]
const retryMs = 25
/** They all sit at one address, from which so many may sign up in ten minutes: each makes much of his account. */
const tournamentsEach = 60

/**
 * People who sign up, found organisations, make tournaments and join them without end, while somebody kills the server
 * again and again. What is not known is asked for with the same id once the server is back.
 */
export class PeopleLoad {
  readonly people: Person[] = []
  /** Answers that no rule explains. */
  readonly refusals: string[] = []
  unknown = 0
  acknowledged = 0
  #url = ''
  #isStopped = false
  #writers: Promise<void>[] = []

  start(writers: number): void {
    this.#writers = Array.from({ length: writers }, () => this.#write())
  }

  /** The server is (back) at this address. */
  up(url: string): void {
    this.#url = url
  }

  /** What is under way is finished first. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#writers)
  }

  async #write(): Promise<void> {
    while (!this.#isStopped) {
      const owner = await this.#signUp('staff')
      if (owner === null) return
      const token = owner.account.accessToken
      const name = `Club ${newId()}`
      const registered = await this.#do('registerOrganization', { token, body: { name } })
      if (registered === null) return
      Object.assign(owner, { organizationId: registered.body.organizationId, organizationName: name })
      const player = await this.#signUp('players')
      if (player === null) return
      for (let made = 0; made < tournamentsEach && !this.#isStopped; made++) {
        const created = await this.#do('createTournament', {
          token,
          body: { name: `Cup ${newId()}`, limit: 4, organizationId: registered.body.organizationId },
        })
        if (created === null) return
        owner.tournaments.push(created.body.id)
        const seat = await this.#do('joinTournament', {
          path: { id: created.body.id },
          token: player.account.accessToken,
          body: { firstName: 'Pia', lastName: 'Player' },
        })
        if (seat === null) return
        player.tournaments.push(created.body.id)
      }
    }
  }

  async #signUp(realm: Account['realm']): Promise<Person | null> {
    const names = realmOperations[realm]
    const [email, password] = [freshEmail('crash'), freshPassword()]
    const who = { firstName: 'Ada', lastName: 'Lovelace' }
    if ((await this.#do(names.signUp, { body: { email, password, ...who } })) === null) return null
    const token = await this.#mailed(realm, email)
    const confirmed = await this.#do(names.confirmEmail, { body: { token, password } })
    if (confirmed === null) return null
    const account = {
      realm,
      email,
      password,
      ...who,
      id: confirmed.body.accountId,
      ...tokensOf(confirmed.body),
    }
    const person: Person = { account, organizationId: null, organizationName: '', tournaments: [] }
    this.people.push(person)
    return person
  }

  /** The mail was written with what was acknowledged, so it is there. */
  async #mailed(realm: Account['realm'], email: string): Promise<string> {
    for (;;) {
      try {
        return await outboxOf(this.#url)(realm, email)
      } catch (error) {
        if (String(error).includes('no mail to')) this.refusals.push(`${realm}: ${String(error)}`)
        if (this.refusals.length > 0) throw error
        await pause()
      }
    }
  }

  /** Tries until the outcome is known; null when it is a refusal. */
  async #do<Name extends OperationName>(name: Name, what: Call): Promise<Answer<Name> | null> {
    const id = newId()
    for (;;) {
      let answer: Answer<Name> | undefined
      try {
        answer = await call(this.#url, name, { ...what, id })
      } catch (error) {
        if (String(error).includes('breaks the contract')) throw error
      }
      if (answer !== undefined && !unknownStatus.includes(answer.status)) {
        if (answer.status < 300) {
          this.acknowledged++
          return answer
        }
        this.refusals.push(`${name}: ${answer.status} ${answer.text}`)
        return null
      }
      this.unknown++
      await pause()
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, retryMs))
}

export type Found = {
  readonly isSignedIn: boolean
  readonly organizationName: string | null
  readonly tournaments: readonly string[]
}

/** What was acknowledged and is not there, and what is there more than once or unasked for; a line each. */
export function missing({ account, organizationName, tournaments }: Person, found: Found): readonly string[] {
  const lines: string[] = []
  if (!found.isSignedIn) lines.push(`${account.email}: no account, or its token is not good any more`)
  if ((found.organizationName ?? '') !== organizationName) lines.push(`${account.email}: no organisation`)
  const left = [...found.tournaments]
  for (const id of tournaments) {
    const at = left.indexOf(id)
    if (at === -1) lines.push(`${account.email}: lost ${id}`)
    else left.splice(at, 1)
  }
  return [...lines, ...left.map((id) => `${account.email}: there without being acknowledged: ${id}`)]
}
