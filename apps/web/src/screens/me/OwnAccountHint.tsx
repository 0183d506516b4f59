import { useEffect } from 'preact/hooks'
import { seatsTexts } from '../../i18n/seats.ts'
import { useQuery } from '../../people/use-query.ts'
import { players } from '../../session/sessions.ts'

type Props = {
  onProfile: (profile: { firstName: string; lastName: string; showsFullName: boolean }) => void
}

/** Tells whose account keeps the seat, and fills in his name. */
export function OwnAccountHint({ onProfile }: Props) {
  const asked = useQuery('profile', () => players.call('getPlayerProfile', {}))
  const profile = asked.status === 'ready' ? asked.value : null
  useEffect(() => {
    if (profile === null) return
    const { firstName, lastName, showsFullName } = profile
    onProfile({ firstName, lastName, showsFullName })
  }, [profile])
  return profile === null ? null : <p class="hint">{seatsTexts().joiningAs(profile.email)}</p>
}
