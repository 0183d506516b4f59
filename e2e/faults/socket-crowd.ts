import { setTimeout as sleep } from 'node:timers/promises'
import { breachesOf, Watchers } from '../cluster/watchers.ts'
import type { LiveClient, Told } from '../support/live.ts'
import { answerQuestions } from './worker.ts'

/** A crowd of official clients in a process of its own. */
export type CrowdQuestion =
  | { readonly watch: { readonly url: string; readonly tournaments: number; readonly socketsEach: number } }
  /** Waits until everybody whose line broke has subscribed again. */
  | { readonly untilBack: { readonly patienceMs: number } }
  | { readonly finish: true }

export type CrowdAnswer = {
  readonly sockets: number
  /** Sockets whose line broke without a word, by now. */
  readonly cut: number
  /** Subscribed again, and got exactly what they had missed. */
  readonly recovered: number
  /** Subscribed again, and got a snapshot. */
  readonly resumedAnew: number
  /** From the question until the last one was back. */
  readonly backMs: number
  readonly publications: number
  /** All that is not as it must be; only at the end. */
  readonly breaches: readonly string[]
  /** For each wrong that was planted into what a real client was told, what was found. */
  readonly planted: readonly (readonly string[])[]
}

/** Each tournament's door turns so often; every socket that watches it is told. */
const turnPauseMs = 250
const pollMs = 25

let watchers = new Watchers('')

answerQuestions(async (question: CrowdQuestion): Promise<CrowdAnswer> => {
  if ('watch' in question) {
    const { url, tournaments, socketsEach } = question.watch
    watchers = new Watchers(url, turnPauseMs)
    await watchers.start(tournaments, socketsEach)
    return state()
  }
  if ('untilBack' in question) {
    const startedAt = performance.now()
    const { patienceMs } = question.untilBack
    while (state().cut === 0 || !watchers.clients.every(isBack)) {
      const waitedMs = performance.now() - startedAt
      if (waitedMs > patienceMs) {
        const away = watchers.clients.filter((client) => !isBack(client)).length
        throw new Error(`${away} are not back after ${waitedMs} ms; ${state().cut} were cut`)
      }
      await sleep(pollMs)
    }
    return { ...state(), backMs: performance.now() - startedAt }
  }
  const breaches = await watchers.finish()
  return { ...state(), breaches, planted: plantedBreaches() }
})

function state(): CrowdAnswer {
  const { clients } = watchers
  const again = clients.flatMap(({ told }) => told.items.filter(isResumed))
  return {
    sockets: clients.length,
    cut: clients.filter(({ closes }) => closes.items.includes(1006)).length,
    recovered: again.filter((item) => item.recovered).length,
    resumedAnew: again.filter((item) => !item.recovered).length,
    backMs: 0,
    publications: clients.reduce((sum, client) => sum + client.publications().length, 0),
    breaches: [],
    planted: [],
  }
}

function isResumed(item: Told): item is Extract<Told, { what: 'subscribed' }> {
  return item.what === 'subscribed' && item.wasRecovering
}

/** Subscribed once at first, and once more for each line that broke. */
function isBack({ told, closes }: LiveClient): boolean {
  return told.items.filter(({ what }) => what === 'subscribed').length > closes.items.length
}

/** One update left out, told twice, and two in the other order, in what a client was told. */
function plantedBreaches(): readonly (readonly string[])[] {
  const told = watchers.clients[0]?.told.items ?? []
  const types = told.flatMap((item) => (item.what === 'publication' ? [item.data.type ?? ''] : []))
  const [first] = told.flatMap((item) => (item.what === 'publication' ? [item.offset ?? 0] : []))
  const log = [...Array.from({ length: (first ?? 1) - 1 }, () => ''), ...types]
  const place = told.findLastIndex(({ what }, index) => {
    return what === 'publication' && told[index - 1]?.what === 'publication'
  })
  const [before, after] = [told[place - 1], told[place]]
  if (before === undefined || after === undefined) throw new Error('too little was told')
  return [
    breachesOf(told, log),
    breachesOf(told.toSpliced(place - 1, 1), log),
    breachesOf(told.toSpliced(place, 0, before), log),
    breachesOf(told.with(place - 1, after).with(place, before), log),
  ]
}
