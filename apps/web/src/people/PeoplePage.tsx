import type { Realm } from '@matchday/contracts/roles'
import type { ComponentChildren } from 'preact'
import { LineIcon } from '../components/Icon.tsx'
import { TopBar } from '../components/TopBar.tsx'
import { peopleTexts } from '../i18n/people.ts'
import { sessionOf } from '../session/sessions.ts'
import './forms.css'
import './people.css'

const personShape =
  'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4.5 20.5c.5-3.800 3.500-5.500 7.500-5.500s7 1.700 7.500 5.500'
const officeShape =
  'M4 20.500V8l8-4.500L20 8v12.500 M2.500 20.500h19 M9.500 20.500v-5h5v5 M8 10.500h2 M14 10.500h2'

type Props = { realm: Realm; children: ComponentChildren }

/** The frame of every screen with an account: the bar on top says where one is at home. */
export function PeoplePage({ realm, children }: Props) {
  return (
    <>
      <TopBar>
        <HomeLinks realm={realm} />
      </TopBar>
      {children}
    </>
  )
}

function HomeLinks({ realm }: { realm: Realm }) {
  const { nav } = peopleTexts()
  if (sessionOf[realm].facts.value.value === null) return null
  const isStaff = realm === 'staff'
  return (
    <nav class="home-links" aria-label={nav.menu}>
      <a class="home-link" href={isStaff ? '/office' : '/me'}>
        <LineIcon shape={officeShape} />
        <span>{isStaff ? nav.office : nav.seats}</span>
      </a>
      <a class="home-link" href={isStaff ? '/office/account' : '/me/account'}>
        <LineIcon shape={personShape} />
        <span>{nav.account}</span>
      </a>
    </nav>
  )
}
