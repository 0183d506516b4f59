import { Fault } from '../fault.ts'
import type { Ask } from './ask.ts'

/** What stands in for a part that a service was not given: whoever uses it is told so, as of a bug. */
export const asksNobody: Ask = () => Promise.reject(new Fault('internal', 'This service asks nobody'))

export function keepsNoRows(): Promise<never> {
  return Promise.reject(new Fault('internal', 'This service keeps no rows'))
}

export function keepsNoStates(): Promise<never> {
  return Promise.reject(new Fault('internal', 'This service decides nothing from states'))
}
