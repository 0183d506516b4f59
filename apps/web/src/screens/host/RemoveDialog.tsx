import type { Player, TournamentId } from '@matchday/contracts'
import { fullName } from '../../components/player-name.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import type { Authority } from '../event/authority.ts'

type Props = {
  tournamentId: TournamentId
  player: Player
  authority: Authority
  store: TournamentStore
  onClose: () => void
}

export function RemoveDialog({ tournamentId, player, authority, store, onClose }: Props) {
  const { host } = texts()
  return (
    <ConfirmCommand
      command="removePlayer"
      input={{ params: { id: tournamentId, playerId: player.id } }}
      authority={authority}
      title={host.removeAsk(fullName(player))}
      about={host.removeAbout}
      action={host.removeNow}
      onDone={() => store.changed()}
      onClose={onClose}
    />
  )
}
