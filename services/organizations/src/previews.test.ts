import { newId, organizationLimits } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { labOfFile } from './testing/lab-of-file.ts'
import { staff } from './testing/people.ts'
import { organizationIn, previewing } from './testing/world.ts'

const lab = await labOfFile()

const hourMs = 60 * 60 * 1_000

describe('a preview', () => {
  it('lets an administrator in, for some hours, with the rights of an owner', async () => {
    const club = await organizationIn(lab)
    const admin = staff('admin')
    expect(await lab.outcome('getOrganization', club.in, admin)).toBe('preview-needed')
    expect(await lab.ok('getPreview', {}, admin)).toEqual({ preview: null })
    const { until } = await lab.ok('enterPreview', club.in, admin)
    expect(Math.abs(Date.parse(until) - Date.now() - organizationLimits.previewHours * hourMs)).toBeLessThan(
      60_000,
    )
    expect(await lab.ok('getPreview', {}, admin)).toEqual({ preview: { ...club.in, name: club.name, until } })
    expect(await lab.ok('getOrganization', club.in, admin)).toMatchObject({ role: 'owner', isPreview: true })
    expect(await lab.outcome('changeOrganization', { ...club.in, address: 'x' }, admin)).toBe('ok')
  })

  it('is of one organisation at a time', async () => {
    const [one, two] = [await organizationIn(lab), await organizationIn(lab)]
    const admin = await previewing(lab, one.organizationId)
    await previewing(lab, two.organizationId, admin)
    expect(await lab.outcome('listMembers', one.in, admin)).toBe('preview-needed')
    expect(await lab.outcome('listMembers', two.in, admin)).toBe('ok')
  })

  it('ends when it is left, as often as one likes', async () => {
    const club = await organizationIn(lab)
    const admin = await previewing(lab, club.organizationId)
    const other = await previewing(lab, club.organizationId)
    await lab.ok('leavePreview', {}, admin)
    await lab.ok('leavePreview', {}, admin)
    expect(await lab.outcome('listMembers', club.in, admin)).toBe('preview-needed')
    expect(await lab.outcome('listMembers', club.in, other)).toBe('ok')
  })

  it('ends by itself, by the clock of the database', async () => {
    const club = await organizationIn(lab)
    const admin = await previewing(lab, club.organizationId)
    await lab.tables.rows('update previews set until = now() where account_id = $1', [admin.accountId])
    expect(await lab.outcome('listMembers', club.in, admin)).toBe('preview-needed')
    expect(await lab.ok('getPreview', {}, admin)).toEqual({ preview: null })
    expect((await lab.ok('listMyOrganizations', {}, admin)).items).toEqual([])
  })

  it('is not stopped by pending or blocked', async () => {
    const club = await organizationIn(lab)
    const admin = await previewing(lab, club.organizationId)
    await lab.ok('approveOrganization', { ...club.in, approved: false }, admin)
    expect(await lab.outcome('listMembers', club.in, admin)).toBe('ok')
    expect(await lab.outcome('listMembers', club.in, club.owner)).toBe('organization-blocked')
  })

  it('needs an organisation, and ends with it', async () => {
    const admin = staff('admin')
    expect(await lab.outcome('enterPreview', { organizationId: newId() }, admin)).toBe('not-found')
    const club = await organizationIn(lab)
    await previewing(lab, club.organizationId, admin)
    await lab.ok('deleteOrganization', { ...club.in, name: club.name }, club.owner)
    expect(await lab.ok('getPreview', {}, admin)).toEqual({ preview: null })
    expect(await lab.outcome('listMembers', club.in, admin)).toBe('not-found')
  })

  it('is for administrators alone', async () => {
    const club = await organizationIn(lab)
    for (const operation of ['enterPreview', 'leavePreview', 'getPreview'] as const) {
      expect(await lab.outcome(operation, club.in, club.owner)).toBe('not-allowed')
    }
  })
})
