import { lazyScreen } from '../components/lazy-screen.tsx'
import { loadAdminTexts } from '../i18n/admin.ts'
import { loadEventsTexts } from '../i18n/events.ts'
import { loadOfficeTexts } from '../i18n/office.ts'
import { loadPeopleTexts } from '../i18n/people.ts'
import { loadSeatsTexts } from '../i18n/seats.ts'
import { NotFound } from '../screens/NotFound.tsx'

type Props = { section?: string }

/** Each area with the texts that it needs. */
const areas = {
  events: area(
    async () => (await import('../screens/events/EventsScreen.tsx')).EventsScreen,
    loadEventsTexts,
  ),
  me: area(async () => (await import('../screens/me/MeScreen.tsx')).MeScreen, loadSeatsTexts),
  office: area(
    async () => (await import('../screens/office/OfficeScreen.tsx')).OfficeScreen,
    loadOfficeTexts,
  ),
  setup: area(async () => (await import('../screens/office/SetupScreen.tsx')).SetupScreen, loadOfficeTexts),
  invite: area(
    async () => (await import('../screens/office/InviteScreen.tsx')).InviteScreen,
    loadOfficeTexts,
  ),
  admin: area(
    async () => (await import('../screens/admin/AdminScreen.tsx')).AdminScreen,
    loadOfficeTexts,
    loadAdminTexts,
  ),
  outbox: area(async () => (await import('../screens/outbox/OutboxScreen.tsx')).OutboxScreen, loadAdminTexts),
} as const

function area(
  load: () => Promise<(props: Props) => preact.JSX.Element>,
  ...catalogues: readonly (() => Promise<void>)[]
) {
  return lazyScreen<Props>(async () => {
    const [screen] = await Promise.all([load(), loadPeopleTexts(), ...catalogues.map((fetch) => fetch())])
    return screen
  })
}

/** Every address that is none of a tournament's own: `/<area>/<section>`. */
export function PeopleScreen({ area: name = '', section = '' }: { area?: string; section?: string }) {
  const Screen = Object.hasOwn(areas, name) ? areas[name as keyof typeof areas] : undefined
  return Screen ? <Screen section={section} /> : <NotFound />
}
