import { randomBytes } from 'node:crypto'
import { newId } from '@matchday/contracts'
import { must } from './client.ts'

/** Somebody of an organisation, signed in. */
export type Staff = {
  readonly email: string
  readonly password: string
  readonly accountId: string
  readonly token: string
  readonly refreshToken: string
}

export function freshStaff(): Pick<Staff, 'email' | 'password'> {
  const mark = randomBytes(6).toString('hex')
  return { email: `ada.${mark}@example.org`, password: `harbour lantern ${mark}` }
}

export async function signInStaff(
  url: string,
  { email, password }: Pick<Staff, 'email' | 'password'>,
): Promise<Staff> {
  const { body } = await must(url, 'signInStaff', { body: { email, password } })
  const { accountId, accessToken: token = '', refreshToken = '' } = body
  return { email, password, accountId, token, refreshToken }
}

/** The first account of an installation, by the link that it printed. */
export async function firstStaff(url: string, printed: string): Promise<Staff> {
  const setup = printed.match(/\/setup#(\S+)/)?.[1]
  if (setup === undefined) throw new Error(`no link for the first account:\n${printed}`)
  const somebody = freshStaff()
  await must(url, 'signUpStaff', {
    body: { ...somebody, firstName: 'Ada', lastName: 'Lovelace', setup },
  })
  return signInStaff(url, somebody)
}

/** An organisation that nobody has to approve, or that waits for it. */
export async function registerOrganization(url: string, token: string): Promise<string> {
  const { body } = await must(url, 'registerOrganization', { token, body: { name: `Club ${newId()}` } })
  return body.organizationId
}
