import { newId, type OperationName } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, call, join, must, pick, tournamentWith, wholeLog } from './support/client.ts'
import { publicationBreaches } from './support/contract.ts'
import { atOnce, History, shuffled } from './support/histories.ts'
import { liveClient } from './support/live.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'
import {
  type DrawInput,
  type DrawOutput,
  drawModel,
  type NameInput,
  nameModel,
  nobody,
  type SeatInput,
  seatModel,
  type TeamInput,
  teamModel,
} from './support/models.ts'

const clients = 64
/** Of each of the four kinds of race; with the big ones 244. */
const keysOfKind = 60
const contenders = 8
const seed = 20_261_121

let matchday: Matchday
let url = ''
const tournaments: string[] = []
let keysInAll = 0

beforeAll(async () => {
  // More join here in a minute than one address may.
  const env = { MATCHDAY_TRUSTED_PROXIES: '1' }
  matchday = await startMatchday({ dataDirectory: await temporaryFolder(), env })
  url = matchday.url
})
afterAll(async () => {
  await matchday.stop()
  await removeFolder(matchday.dataDirectory)
})

type Task = () => Promise<unknown>
const count = (length: number) => Array.from({ length }, (_, index) => index)

async function codeOf(name: OperationName, what: Call): Promise<string> {
  const { status, problem } = await call(url, name, what)
  return status >= 400 ? problem.code : 'ok'
}

/** Makes so many at once as there are clients. */
async function prepare<Made>(amount: number, make: (index: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = []
  await atOnce(
    clients,
    count(amount).map((index) => async () => {
      made[index] = await make(index)
    }),
  )
  return made
}

/** The races of one key stand side by side, so the clients meet there. */
async function race(races: readonly (readonly Task[])[]): Promise<void> {
  await atOnce(
    clients,
    races.flatMap((tasks, index) => shuffled(tasks, seed + index)),
  )
}

function report(what: string, history: History<never, never> | History<unknown, unknown>): void {
  const overlaps = history.keys.map((key) => history.overlap(key))
  const meeting = overlaps.filter((overlap) => overlap > 1).length
  keysInAll += overlaps.length
  console.log(
    `${what}: ${history.size} calls on ${overlaps.length} keys, ${meeting} of them contended, up to ${Math.max(...overlaps)} calls at once`,
  )
  // A race in which nobody meets anybody proves nothing.
  expect(meeting).toBeGreaterThan(overlaps.length / 2)
}

describe('64 clients that race', () => {
  it('for one team: one has it, and it can be had again when he has left', async () => {
    const history = new History<TeamInput, string>()
    const team = 'Brazil'
    const made = await prepare(keysOfKind + 1, async (index) => {
      const players = index === 0 ? clients : contenders
      const limits = index === 0 ? { teams: { names: count(clients).map(String).concat(team) } } : {}
      return tournamentWith(url, players, limits)
    })
    tournaments.push(...made.map(({ id }) => id))
    await race(
      made.map(({ id, organizer, players }, index) => {
        const picks = players.map((player) => () => {
          const path = { id, playerId: player.id }
          return history.record(id, { op: 'pick', player: player.id }, () =>
            codeOf('pickTeam', { path, token: player.token, body: { team } }),
          )
        })
        const removals = players.slice(0, index === 0 ? 1 : 3).map(
          ({ id: player }) =>
            () =>
              history.record(id, { op: 'remove', player }, () =>
                codeOf('removePlayer', { path: { id, playerId: player }, token: organizer }),
              ),
        )
        const reads = count(2).map(() => () => history.record(id, { op: 'read' }, () => holderOf(id, team)))
        return [...picks, ...removals, ...reads]
      }),
    )
    report('one team', history)
    expect(history.violations(teamModel)).toEqual([])
    for (const id of history.keys) {
      const winners = history.of(id).filter(({ input, output }) => input.op === 'pick' && output === 'ok')
      const removed = history.of(id).filter(({ input }) => input.op === 'remove').length
      expect(winners.length).toBeGreaterThanOrEqual(1)
      expect(winners.length).toBeLessThanOrEqual(1 + removed)
    }
  })

  it('for the last seat: there are never more in than seats', async () => {
    const history = new History<SeatInput, string>()
    const limit = 3
    const made = await prepare(keysOfKind + 1, () => tournamentWith(url, 0, { limit }))
    tournaments.push(...made.map(({ id }) => id))
    await race(
      made.map(({ id }, index) => [
        ...count(index === 0 ? clients : contenders).map((number) => async () => {
          // Two of them have the same name.
          const name = `No ${Math.max(1, number)}`
          let player = { id: '', token: '' }
          await history.record(id, { op: 'join', name }, async () => {
            const body = { firstName: 'Player', lastName: name }
            const answer = await call(url, 'joinTournament', { path: { id }, body })
            if (answer.status >= 400) return answer.problem.code
            player = { id: answer.body.playerId, token: answer.body.playerToken }
            return 'ok'
          })
          if (player.id === '' || number % 3 !== 0) return
          const path = { id, playerId: player.id }
          await history.record(id, { op: 'leave', name }, () =>
            codeOf('removePlayer', { path, token: player.token }),
          )
        }),
        ...count(2).map(() => () => history.record(id, { op: 'read' }, () => seatsLeftOf(id))),
      ]),
    )
    report('last seat', history)
    expect(history.violations(seatModel(limit))).toEqual([])
  })

  it('to draw, to void the draw, and to remove a player before it: one draw, the same for all', async () => {
    const history = new History<DrawInput, DrawOutput>()
    const made = await prepare(keysOfKind + 1, async () => {
      const tournament = await tournamentWith(url, 3)
      const { id, organizer } = tournament
      const teams = ['Brazil', 'France', 'Japan']
      for (const [index, player] of tournament.players.entries()) await pick(url, id, player, teams[index]!)
      await must(url, 'setJoining', { path: { id }, token: organizer, body: { open: false } })
      return tournament
    })
    tournaments.push(...made.map(({ id }) => id))
    await race(
      made.map(({ id, organizer: token, players }, index) => {
        const path = { id }
        const draw = async (): Promise<DrawOutput> => {
          const { body } = await must(url, 'drawTeams', { path, token, body: {} })
          const { attempt, assignments } = body
          return {
            kind: 'drawn',
            attempt,
            players: assignments.length,
            assignments: JSON.stringify(assignments),
          }
        }
        const remove = async (): Promise<DrawOutput> => {
          const code = await codeOf('removePlayer', { path: { id, playerId: players[0]!.id }, token })
          return { kind: code === 'ok' ? 'removed' : expected(code, 'already-drawn') }
        }
        const voidIt = async (): Promise<DrawOutput> => {
          const { status, body, problem } = await call(url, 'voidDraw', {
            path,
            token,
            body: { reason: 'race' },
          })
          return status === 200
            ? { kind: 'voided', nextAttempt: body.attempt }
            : { kind: expected(problem.code, 'not-drawn') }
        }
        return [
          ...count(index === 0 ? clients : contenders).map(
            () => () => history.record(id, { op: 'draw' }, draw),
          ),
          () => history.record(id, { op: 'remove' }, remove),
          // In every second one nobody voids: there all must get the very same.
          ...(index % 2 === 0 ? [] : count(2).map(() => () => history.record(id, { op: 'void' }, voidIt))),
        ]
      }),
    )
    report('one draw', history)
    expect(history.violations(drawModel(3))).toEqual([])
    for (const [index, { id }] of made.entries()) {
      if (index % 2 !== 0) continue
      const results = history
        .of(id)
        .flatMap(({ output }) => (output?.kind === 'drawn' ? output.assignments : []))
      expect(new Set(results).size).toBe(1)
      expect((await wholeLog(url, id)).filter(({ type }) => type === 'teams-drawn')).toHaveLength(1)
    }
  })

  it('for one name, by creating and by renaming: one has it, until it is archived', async () => {
    const history = new History<NameInput, string>()
    const names = count(keysOfKind + 1).map((index) => `Wanted ${index} ${newId()}`)
    const renamed = await prepare(names.length, () => tournamentWith(url, 0))
    await race(
      names.map((name, index) => {
        const other = renamed[index]!
        const create = async () => {
          // Spelt differently each time: it is the same name.
          const typed = Math.random() < 0.5 ? name.toUpperCase() : name
          let id = ''
          let token = ''
          await history.record(name, { op: 'take' }, async () => {
            const answer = await call(url, 'createTournament', { body: { name: typed, limit: 2 } })
            if (answer.status >= 400) return answer.problem.code
            id = answer.body.id
            token = answer.body.organizerToken ?? ''
            return id
          })
          if (id === '') return
          tournaments.push(id)
          if (index % 3 !== 0) return
          await history.record(name, { op: 'archive', id }, () =>
            codeOf('archiveTournament', { path: { id }, token }),
          )
        }
        const rename = () =>
          history.record(name, { op: 'take' }, async () => {
            const what = { path: { id: other.id }, token: other.organizer, headers: { 'if-match': '"1"' } }
            const code = await codeOf('renameTournament', { ...what, body: { name } })
            return code === 'ok' ? other.id : code
          })
        return [...count(index === 0 ? clients : contenders).map(() => create), rename]
      }),
    )
    report('one name', history)
    expect(history.violations(nameModel)).toEqual([])
    for (const [index, name] of names.entries()) {
      const winners = history
        .of(name)
        .filter(({ input, output }) => input.op === 'take' && output !== 'name-taken')
      if (index % 3 === 0) expect(winners.length).toBeGreaterThanOrEqual(1)
      else expect(winners).toHaveLength(1)
    }
  })
})

describe('versions', () => {
  it('have no gaps, in any tournament of the races', async () => {
    expect(keysInAll).toBeGreaterThanOrEqual(200)
    let events = 0
    await atOnce(
      clients,
      tournaments.map((id) => async () => {
        const versions = (await wholeLog(url, id)).map(({ version }) => version)
        expect(versions).toEqual(versions.map((_, index) => index + 1))
        events += versions.length
      }),
    )
    console.log(`${events} events of ${tournaments.length} tournaments, versions without a gap`)
  })

  it('arrive live without a gap, in order and once, while 64 clients write', async () => {
    const { id } = await tournamentWith(url, 0, { limit: 256, picks: 'shared' })
    const watchers = count(3).map(() => liveClient(url))
    await Promise.all(watchers.map((watcher) => watcher.watch(id)))
    await atOnce(
      clients,
      count(120).map((index) => async () => {
        const player = await join(url, id, `No ${index}`)
        await pick(url, id, player, 'Brazil')
      }),
    )
    const last = 1 + 2 * 120
    for (const watcher of watchers) {
      await watcher.told.until((told) =>
        told.some((item) => item.what === 'publication' && item.offset === last),
      )
      const publications = watcher.publications()
      expect(publications.map(({ offset }) => offset)).toEqual(count(last - 1).map((index) => index + 2))
      expect(publications.map(({ data }) => data.version)).toEqual(publications.map(({ offset }) => offset))
      expect(publications.flatMap(({ data }) => publicationBreaches(data))).toEqual([])
      watcher.stop()
    }
    const log = await wholeLog(url, id)
    const live = watchers[0]!
      .publications()
      .map(({ data: { type, version, at, ...data } }) => ({ version, type, data }))
    expect(live).toEqual(log.slice(1).map(({ version, type, data }) => ({ version, type, data })))
  })
})

describe('the checker', () => {
  /** Looks whether the team is free, and takes it: the mistake that this file is about. */
  async function naive(isPlanted: boolean): Promise<History<TeamInput, string>> {
    const history = new History<TeamInput, string>()
    const holders = new Map<string, string>()
    const tasks = count(200).flatMap((key) =>
      count(4).map((number) => () => {
        const player = `player ${number}`
        return history.record(`team ${key}`, { op: 'pick', player }, async () => {
          const holder = holders.get(`team ${key}`)
          if (isPlanted) await new Promise((resolve) => setImmediate(resolve))
          if (holder !== undefined) return 'team-taken'
          holders.set(`team ${key}`, player)
          return 'ok'
        })
      }),
    )
    await atOnce(clients, tasks)
    return history
  }

  it('finds a register that checks and then inserts, and nothing in one that does both at once', async () => {
    expect((await naive(false)).violations(teamModel)).toEqual([])
    const found = (await naive(true)).violations(teamModel)
    console.log(`planted check-then-insert: found on ${found.length} of 200 keys`)
    expect(found.length).toBeGreaterThan(0)
  })

  it('finds a second winner, a read of the past, a seat too many, a second draw, a name given twice', () => {
    const at = (calledAt: number) => ({ calledAt, returnedAt: calledAt + 1 })
    const teams = new History<TeamInput, string>()
    teams.add('two winners', { input: { op: 'pick', player: 'a' }, output: 'ok', ...at(1) })
    teams.add('two winners', { input: { op: 'pick', player: 'b' }, output: 'ok', ...at(1.5) })
    teams.add('stale read', { input: { op: 'pick', player: 'a' }, output: 'ok', ...at(1) })
    teams.add('stale read', { input: { op: 'read' }, output: nobody, ...at(3) })
    teams.add('refused for nothing', { input: { op: 'pick', player: 'a' }, output: 'team-taken', ...at(1) })
    teams.add('fine', { input: { op: 'pick', player: 'a' }, output: 'ok', ...at(1) })
    teams.add('fine', { input: { op: 'read' }, output: nobody, ...at(1.5) })
    expect(teams.violations(teamModel)).toEqual(['two winners', 'stale read', 'refused for nothing'])

    const seats = new History<SeatInput, string>()
    for (const name of ['a', 'b', 'c'])
      seats.add('x', { input: { op: 'join', name }, output: 'ok', ...at(1) })
    expect(seats.violations(seatModel(3))).toEqual([])
    expect(seats.violations(seatModel(2))).toEqual(['x'])

    const draws = new History<DrawInput, DrawOutput>()
    for (const assignments of ['[1]', '[2]'])
      draws.add('x', {
        input: { op: 'draw' },
        output: { kind: 'drawn', attempt: 1, players: 3, assignments },
        ...at(1),
      })
    expect(draws.violations(drawModel(3))).toEqual(['x'])

    const names = new History<NameInput, string>()
    for (const id of ['a', 'b']) names.add('x', { input: { op: 'take' }, output: id, ...at(1) })
    expect(names.violations(nameModel)).toEqual(['x'])
  })
})

function expected<Code extends string>(code: string, wanted: Code): Code {
  if (code !== wanted) throw new Error(`${code} where ${wanted} was expected`)
  return wanted
}

async function holderOf(id: string, team: string): Promise<string> {
  const { body } = await must(url, 'listTeams', { path: { id } })
  return body.items.find(({ name }) => name === team)?.pickedBy ?? nobody
}

async function seatsLeftOf(id: string): Promise<string> {
  return String((await must(url, 'getTournament', { path: { id } })).body.seatsLeft)
}
