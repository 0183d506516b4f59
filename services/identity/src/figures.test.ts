import { afterAll, beforeAll, expect, it } from 'vitest'
import { HashingBusy } from './passwords/hasher.ts'
import { codeOf, type IdentityLab, openIdentityLab } from './testing/identity-lab.ts'
import { goodPassword, register } from './testing/people.ts'
import { startSmtpServer } from './testing/smtp-server.ts'

let lab: IdentityLab
let smtp: Awaited<ReturnType<typeof startSmtpServer>>

beforeAll(async () => {
  smtp = await startSmtpServer()
  lab = await openIdentityLab({ budgets: { accountFailuresMax: 1, addressFailuresMax: 1_000 } })
})
afterAll(async () => {
  await lab.close()
  await smtp.stop()
})

/** `name{labels}` → value. */
async function figuresOf({ definition, rows }: IdentityLab): Promise<Readonly<Record<string, number>>> {
  const told = (definition.figures ?? []).map(async (figure) => {
    const values = await figure.read({ rows })
    return values.map(
      ({ labels, value }) => [[figure.name, ...Object.values(labels)].join(' '), value] as const,
    )
  })
  return Object.fromEntries((await Promise.all(told)).flat())
}

it('tell what became of tries, and of mails', async () => {
  await register(lab, 'ada@example.org')
  const before = await figuresOf(lab)
  const signIn = (password: string) => lab.call('signInStaff', { email: 'ada@example.org', password })
  expect(codeOf(await signIn(goodPassword))).toBe('ok')
  expect(codeOf(await signIn('wrong'))).toBe('wrong-credentials')
  expect(codeOf(await signIn('wrong'))).toBe('too-many-requests')
  await lab.call('requestStaffReset', { email: 'ada@example.org' })
  const after = await figuresOf(lab)
  const grown = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)])
  expect(Object.fromEntries(grown)).toEqual({
    'matchday_password_tries_total right': 1,
    'matchday_password_tries_total wrong': 1,
    'matchday_password_tries_total refused': 1,
    'matchday_password_tries_total busy': 0,
    matchday_password_hashes_waiting: 0,
    matchday_mails_waiting: 1,
    matchday_mails_refused_total: 0,
  })
  await lab.job('mails')
  expect(await figuresOf(lab)).toMatchObject({ matchday_mails_waiting: 0 })
})

it('tell of a queue that is full, and of a mail server that takes nothing', async () => {
  smtp.refuse(true)
  const full = async () => {
    throw new HashingBusy(2)
  }
  const busy = await openIdentityLab({
    smtp: { url: smtp.url, from: 'matchday@matchday.test' },
    plant: ({ passwords }) => ({
      passwords: { ...passwords, hash: (text) => passwords.hash(text), verify: full, waiting: 50 },
    }),
  })
  try {
    const person = { email: 'ada@example.org', password: goodPassword }
    await busy.call('signUpStaff', { ...person, firstName: 'Ada', lastName: 'Lovelace' })
    expect(codeOf(await busy.call('signInStaff', person))).toBe('too-many-requests')
    await busy.job('mails')
    expect(await figuresOf(busy)).toMatchObject({
      'matchday_password_tries_total busy': 1,
      matchday_password_hashes_waiting: 50,
      matchday_mails_waiting: 1,
      matchday_mails_refused_total: 1,
    })
  } finally {
    await busy.close()
  }
})
