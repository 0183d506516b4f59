import { nameLengthMax, newId } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { key, organizer, staff } from '../testing/people.ts'
import { actorIn, isAuthor } from './actor.ts'
import { changedContact, noContact } from './contact.ts'
import { identityOf } from './identity-of-name.ts'
import { changedIncident, type Incident } from './incident.ts'
import { changedProfile } from './profile.ts'
import { statusAtRegistration } from './registration.ts'

describe('an incident', () => {
  const open: Incident = {
    name: 'Rain',
    description: 'Much',
    status: 'to-do',
    priority: 'low',
    closedAt: null,
  }
  const after = (...statuses: Incident['status'][]) =>
    statuses.reduce(
      (incident, status, index) => changedIncident(incident, { status }, `day ${index + 1}`),
      open,
    )

  it.each([
    [['in-progress'], null],
    [['resolved'], 'day 1'],
    [['cancelled'], 'day 1'],
    [['resolved', 'to-do'], 'day 1'],
    [['in-progress', 'cancelled', 'in-progress', 'resolved'], 'day 2'],
  ] as const)('after %s was closed first on: %s', (statuses, closedAt) => {
    expect(after(...statuses).closedAt).toBe(closedAt)
  })

  it('is kept as it was typed, but for white space', () => {
    const typed = { name: ' Rain\t', description: 'a\r\nb ', priority: 'high' } as const
    expect(changedIncident(open, typed, 'now')).toEqual({
      ...open,
      name: 'Rain',
      description: 'a\nb',
      priority: 'high',
    })
  })
})

it('an empty field is none', () => {
  expect(changedProfile({ name: 'A', address: 'x', website: 'y' }, { address: ' ', website: null })).toEqual({
    name: 'A',
    address: null,
    website: null,
  })
  const typed = { firstName: ' Ada ', lastName: 'L', email: ' a@b.c', phone: '', notes: ' x\r\ny ' }
  expect(changedContact(noContact, typed)).toEqual({
    firstName: 'Ada',
    lastName: 'L',
    email: 'a@b.c',
    phone: null,
    notes: 'x\ny',
  })
})

describe('names of organisations', () => {
  it('are the same whatever their case, accents and spaces', () => {
    expect(identityOf('Ünïon  Club')).toBe(identityOf('union club'))
    expect(identityOf('Union Clubs')).not.toBe(identityOf('union club'))
  })

  it('fit the index however they are written out', () => {
    const long = '\ufdfa'.repeat(nameLengthMax.organization)
    expect(Buffer.byteLength(identityOf(long))).toBeLessThan(2_704)
  })
})

it('what an organisation begins as', () => {
  const begins = (mode: 'open' | 'approved' | 'closed') =>
    ([undefined, 'admin', 'superadmin'] as const).map((role) => {
      const begun = statusAtRegistration(mode, role)
      return 'status' in begun ? begun.status : begun.code
    })
  expect(begins('open')).toEqual(['approved', 'approved', 'approved'])
  expect(begins('approved')).toEqual(['pending', 'pending', 'pending'])
  expect(begins('closed')).toEqual(['registration-closed', 'registration-closed', 'approved'])
})

it('who did it', () => {
  const ann = staff()
  const admin = staff('admin', ann.accountId)
  const program = key(newId())
  expect(actorIn(ann)).toEqual({ kind: 'staff', id: ann.accountId })
  expect(actorIn(admin)).toEqual({ kind: 'administrator', id: ann.accountId })
  expect(actorIn(program)).toEqual({ kind: 'key', id: program.keyId })
  expect(actorIn(organizer)).toEqual({ kind: 'organizer', id: null })
  // Who becomes an administrator still has written what he wrote.
  expect(isAuthor(actorIn(admin), { authorId: ann.accountId })).toBe(true)
  expect(isAuthor(actorIn(organizer), { authorId: ann.accountId })).toBe(false)
})
