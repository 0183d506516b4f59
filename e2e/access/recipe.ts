import type { OperationCall, Told } from '../support/ask.ts'
import type { Place } from './place.ts'

/** How an operation is asked for, so that nothing but access can stand against it. */
export type Recipe = {
  /** With a token, where it is another one than the caller's usual. */
  asking(place: Place): OperationCall | Promise<OperationCall>
  /** Puts back what a success has changed about the callers and what they ask for. */
  afterwards?(place: Place, told: Told): Promise<void> | void
}
