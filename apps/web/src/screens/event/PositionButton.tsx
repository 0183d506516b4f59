import { useState } from 'preact/hooks'
import { ErrorText } from '../../components/ErrorText.tsx'
import { officeTexts } from '../../i18n/office.ts'

type Props = { onPosition: (latitude: string, longitude: string) => void }

const patienceMs = 20_000
/** About ten centimetres; what a phone knows is a thousand times coarser. */
const digits = 6

/** Asks the device where it is. Browsers tell that only to encrypted pages; elsewhere there is no button. */
export function PositionButton({ onPosition }: Props) {
  const { details } = officeTexts()
  const [state, setState] = useState<'idle' | 'asking' | 'failed'>('idle')
  if (!isSecureContext || !('geolocation' in navigator)) return null
  const ask = () => {
    setState('asking')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState('idle')
        onPosition(coords.latitude.toFixed(digits), coords.longitude.toFixed(digits))
      },
      () => setState('failed'),
      { timeout: patienceMs, enableHighAccuracy: true },
    )
  }
  return (
    <div class="form-actions">
      <button type="button" class="button" disabled={state === 'asking'} onClick={ask}>
        {state === 'asking' ? details.findingPosition : details.usePosition}
      </button>
      <ErrorText text={state === 'failed' ? details.noPosition : null} />
    </div>
  )
}
