import type { Player, TournamentId } from '@matchday/contracts'
import { useCommand } from '../../api/use-command.ts'
import { ConfirmDialog } from '../../components/Dialog.tsx'
import { fullName } from '../../components/player-name.ts'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'

type Props = {
  tournamentId: TournamentId
  player: Player
  token: string
  store: TournamentStore
  onClose: () => void
}

export function RemoveDialog({ tournamentId, player, token, store, onClose }: Props) {
  const { host } = texts()
  const command = useCommand('removePlayer')
  const remove = async () => {
    const params = { id: tournamentId, playerId: player.id }
    const sent = await command.send({ params }, { token })
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
