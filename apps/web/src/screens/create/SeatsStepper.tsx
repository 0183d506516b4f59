import { useId } from 'preact/hooks'
import { texts } from '../../i18n/language.ts'
import { boundedSeats, seatsMax, seatsMin } from './create-form.ts'

export function SeatsStepper({ seats, onSeats }: { seats: number; onSeats: (seats: number) => void }) {
  const { create } = texts()
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{create.seats}</label>
      <div class="stepper">
        <button
          type="button"
          class="button"
          aria-label={create.fewer}
          disabled={seats <= seatsMin}
          onClick={() => onSeats(boundedSeats(seats - 1))}
        >
          −
        </button>
        <input
          id={id}
          type="number"
          inputMode="numeric"
          min={seatsMin}
          max={seatsMax}
          value={seats}
          onChange={(event) => onSeats(boundedSeats(event.currentTarget.valueAsNumber || seats))}
        />
        <button
          type="button"
          class="button"
          aria-label={create.more}
          disabled={seats >= seatsMax}
          onClick={() => onSeats(boundedSeats(seats + 1))}
        >
          +
        </button>
      </div>
    </div>
  )
}
