import { normalizeName, normalizeText, type OrganizationStatus } from '@matchday/contracts'

export type Profile = {
  readonly name: string
  readonly address: string | null
  readonly website: string | null
}
export type ProfileInput = {
  readonly name?: string
  readonly address?: string | null
  readonly website?: string | null
}

/** What was typed, as it is kept. An empty field is none. */
export function changedProfile(profile: Profile, { name, address, website }: ProfileInput): Profile {
  return {
    name: name === undefined ? profile.name : normalizeName(name),
    address: address === undefined ? profile.address : normalizeText(address ?? '') || null,
    website: website === undefined ? profile.website : normalizeName(website ?? '') || null,
  }
}

export function isSameProfile(one: Profile, other: Profile): boolean {
  return one.name === other.name && one.address === other.address && one.website === other.website
}

/** What the changelog tells of an organisation. */
export function toldOrganization({ name, address, website }: Profile, status: OrganizationStatus) {
  return { name, address, website, status }
}
