import type { Player, TournamentId } from '@matchday/contracts'
import { ConfirmDialog } from '../../components/Dialog.tsx'
import { fullName } from '../../components/player-name.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useStaffCommand } from '../../people/commands.ts'
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
  const command = useStaffCommand('removePlayer')
  const remove = async () => {
    const params = { id: tournamentId, playerId: player.id }
    const sent = await command.send({ params }, authority)
    if (sent.status !== 'done') return
    store.changed()
    onClose()
  }
  return (
    <ConfirmDialog
      title={host.removeAsk(fullName(player))}
      about={host.removeAbout}
      action={host.removeNow}
      isBusy={command.isBusy}
      error={command.failure?.text ?? null}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  )
}
