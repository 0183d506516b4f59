import { loadOfficeTexts } from '../../i18n/office.ts'
import { loadPeopleTexts } from '../../i18n/people.ts'

/** What a host has to do with organisations, with its texts. A tournament without one needs little of it. */
async function withTexts<Part>(part: Promise<Part>): Promise<Part> {
  const [loaded] = await Promise.all([part, loadPeopleTexts(), loadOfficeTexts()])
  return loaded
}

export const loadHostPeople = async () => (await withTexts(import('./HostPeople.tsx'))).HostPeople
export const loadHostRequests = async () => (await withTexts(import('./HostPeople.tsx'))).HostRequests
export const loadPreviewBar = async () => (await withTexts(import('./HostPreviewBar.tsx'))).HostPreviewBar
