import { nameProblem } from '@matchday/contracts/names'
import { texts } from '../../i18n/language.ts'
import {
  type CreateForm,
  customTeams,
  hasTooFewTeams,
  namesTwice,
  teamCount,
  teamsMax,
  teamsMin,
} from './create-form.ts'

/** What the server would refuse, told beforehand. */
export function createProblems(form: CreateForm): { name: string | null; teams: string | null } {
  const { create, names } = texts()
  const name = nameProblem(form.name, 'tournament')
  const own = form.choice === 'custom' ? customTeams(form.custom) : []
  const twice = namesTwice(own)
  const outOfRange = form.choice === 'custom' && (own.length < teamsMin || own.length > teamsMax)
  const teams =
    twice.length > 0
      ? create.customTwice(twice)
      : outOfRange
        ? create.customRange(teamsMin, teamsMax)
        : hasTooFewTeams(form)
          ? create.tooFewTeams(teamCount(form))
          : null
  return { name: name ? names[name] : null, teams }
}
