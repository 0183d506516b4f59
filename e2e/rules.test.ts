import { verifyProof } from '@matchday/competition'
import {
  isId,
  newId,
  type OperationName,
  tournamentOperations,
  tournamentPeopleOperations,
} from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, call, join, must, pathOf, pick, tournamentWith, wholeLog } from './support/client.ts'
import { breaches, problemBreaches } from './support/contract.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'

let matchday: Matchday
let url = ''
const seen = new Set<OperationName>()

beforeAll(async () => {
  matchday = await startMatchday({ dataDirectory: await temporaryFolder() })
  url = matchday.url
})
afterAll(async () => {
  const code = await matchday.stop()
  await removeFolder(matchday.dataDirectory)
  expect(code).toBe(0)
})

function ask<Name extends OperationName>(name: Name, what: Call = {}) {
  seen.add(name)
  return call(url, name, what)
}

/** Status and code in one, so that a failure shows both. */
async function outcome(name: OperationName, what: Call = {}): Promise<string> {
  const { status, problem } = await ask(name, what)
  return status >= 400 ? `${status} ${problem.code}` : String(status)
}

const hex = (byte: string) => byte.repeat(32)
const custom = (...names: string[]) => ({ teams: { names }, limit: names.length })

/** A tournament with everybody in and picked. */
async function readyTournament(players: number, body: Readonly<Record<string, unknown>> = {}) {
  const names = Array.from({ length: players }, (_, index) => `Team ${index + 1}`)
  const made = await tournamentWith(url, players, { ...custom(...names), ...body })
  for (const [index, player] of made.players.entries()) await pick(url, made.id, player, names[index]!)
  return { ...made, names }
}

describe('the story', () => {
  it('from the QR code to a draw that is checked', async () => {
    const created = await ask('createTournament', {
      body: { name: '  Friday Cup  ', limit: 3, teams: { names: ['PSG', 'Bayern', 'Ajax'] } },
    })
    expect(created.status).toBe(201)
    const { id, joinCode, joinUrl } = created.body
    const organizerToken = created.body.organizerToken ?? ''
    expect(isId(id)).toBe(true)
    expect(joinUrl.endsWith(`/j/${joinCode}`)).toBe(true)
    expect(created.headers.get('location')).toBe(`/api/tournaments/${id}`)

    const typed = ` ${joinCode.slice(0, 3).toLowerCase()}-${joinCode.slice(3)}`
    const found = await ask('findByJoinCode', { path: { code: typed } })
    expect(found.body).toEqual({ tournamentId: id, name: 'Friday Cup', joining: true, seatsLeft: 3 })

    const players = [
      await join(url, id, 'Erdős', 'Paul'),
      await join(url, id, 'Noether', 'Emmy'),
      await join(url, id, 'Hopper', 'Grace'),
    ]
    const before = await ask('getTournament', { path: { id } })
    expect(before.body.seatsLeft).toBe(0)
    expect(before.body.readiness).toEqual({ ready: false, reason: 'not-all-picked' })
    const { commitment } = before.body.draws[0]!
    for (const [index, player] of players.entries()) {
      const team = ['PSG', 'Bayern', 'Ajax'][index]!
      await pick(url, id, player, team, hex(`${index}a`))
    }
    const teams = await ask('listTeams', { path: { id } })
    expect(teams.body.items).toEqual([
      { name: 'PSG', pickedBy: players[0]!.id, picks: 1 },
      { name: 'Bayern', pickedBy: players[1]!.id, picks: 1 },
      { name: 'Ajax', pickedBy: players[2]!.id, picks: 1 },
    ])
    expect((await ask('getTournament', { path: { id } })).body.readiness).toEqual({ ready: true })
    expect(await outcome('getDrawProof', { path: { id } })).toBe('409 not-drawn')

    const drawn = await ask('drawTeams', { path: { id }, token: organizerToken, body: {} })
    expect(drawn.status).toBe(200)
    expect(drawn.body.assignments.map(({ team }) => team).sort()).toEqual(['Ajax', 'Bayern', 'PSG'])
    const again = await ask('drawTeams', { path: { id }, token: organizerToken, body: {} })
    expect(again.body).toEqual(drawn.body)

    const { body: proof } = await ask('getDrawProof', { path: { id } })
    const remembered = {
      tournamentId: id,
      mode: 'any' as const,
      commitment,
      contribution: { playerId: players[0]!.id, contribution: hex('0a') },
    }
    expect(verifyProof(proof, remembered)).toMatchObject({ ok: true })
    // The check can fail: another commitment, and one flipped digit in the seed.
    expect(verifyProof(proof, { ...remembered, commitment: hex('00') }).ok).toBe(false)
    const text = JSON.stringify(proof)
    const seed = text.match(/"seed":"([0-9a-f]{64})"/)?.[1] ?? ''
    const flipped = (Number.parseInt(seed[0]!, 16) ^ 1).toString(16) + seed.slice(1)
    expect(verifyProof(JSON.parse(text.replaceAll(seed, flipped))).ok).toBe(false)

    const seat = await ask('getSeat', {
      path: { id, playerId: players[1]!.id },
      token: players[1]!.token,
    })
    const own = drawn.body.assignments.find(({ playerId }) => playerId === players[1]!.id)
    expect(seat.body).toMatchObject({ firstName: 'Emmy', pick: 'Bayern', team: own!.team })
    const after = await ask('getTournament', { path: { id } })
    expect(after.body).toMatchObject({
      status: 'drawn',
      draws: [{ attempt: 1, status: 'drawn', commitment }],
    })
  })

  it('of a draw that is void: a reason, a fresh commitment, both attempts in the proof', async () => {
    const { id, organizer, players, names } = await readyTournament(3)
    const asOrganizer = { path: { id }, token: organizer }
    expect(await outcome('voidDraw', { ...asOrganizer, body: { reason: 'early' } })).toBe('409 not-drawn')
    const first = await ask('drawTeams', { ...asOrganizer, body: {} })
    const voided = await ask('voidDraw', { ...asOrganizer, body: { reason: ' The projector was off ' } })
    expect(voided.body.attempt).toBe(2)
    const between = await ask('getTournament', { path: { id } })
    expect(between.body.draws).toMatchObject([
      { attempt: 1, status: 'void', voidReason: 'The projector was off' },
      { attempt: 2, status: 'committed', commitment: voided.body.commitment },
    ])
    expect(between.body.players.map((player) => player.pick)).toEqual(names)
    expect(between.body.players.every((player) => player.team === null)).toBe(true)
    // A device adds its contribution to the new attempt by picking the same again.
    await pick(url, id, players[0]!, names[0]!, hex('bc'))
    const second = await ask('drawTeams', { ...asOrganizer, body: {} })
    expect(second.body.attempt).toBe(2)
    const { body: proof } = await ask('getDrawProof', { path: { id } })
    const remembered = {
      commitment: voided.body.commitment,
      contribution: { playerId: players[0]!.id, contribution: hex('bc') },
    }
    expect(verifyProof(proof, remembered)).toMatchObject({ ok: true })
    const { body: early } = await ask('getDrawProof', { path: { id }, query: { attempt: 1 } })
    expect(verifyProof(early)).toMatchObject({ ok: true })
    expect(early).toMatchObject({ assignments: first.body.assignments })
    expect(await outcome('getDrawProof', { path: { id }, query: { attempt: 3 } })).toBe('409 not-drawn')
  })

  it.each(['any', 'derangement', 'keep'] as const)('in the mode %s keeps its rule', async (drawMode) => {
    const { id, organizer, players, names } = await readyTournament(4, { drawMode })
    const { body } = await ask('drawTeams', { path: { id }, token: organizer, body: {} })
    const { body: proof } = await ask('getDrawProof', { path: { id } })
    expect(verifyProof(proof, { mode: drawMode })).toMatchObject({ ok: true })
    const own = body.assignments.filter(
      ({ playerId, team }) => team === names[players.findIndex((player) => player.id === playerId)],
    )
    if (drawMode === 'derangement') expect(own).toEqual([])
    if (drawMode === 'keep') expect(own).toHaveLength(4)
  })

  it('with shared picks tells before the button that nobody-gets-his-own is impossible', async () => {
    const made = await tournamentWith(url, 4, {
      ...custom('A', 'B', 'C'),
      limit: 4,
      picks: 'shared',
      drawMode: 'derangement',
    })
    const { id, organizer, players } = made
    for (const player of players.slice(0, 3)) await pick(url, id, player, 'A')
    await pick(url, id, players[3]!, 'B')
    const { body } = await ask('getTournament', { path: { id } })
    expect(body.readiness).toEqual({
      ready: false,
      reason: 'draw-impossible',
      blocking: [{ team: 'A', count: 3, atMost: 2 }],
    })
    expect((await ask('listTeams', { path: { id } })).body.items[0]).toMatchObject({ name: 'A', picks: 3 })
    expect(await outcome('drawTeams', { path: { id }, token: organizer, body: {} })).toBe(
      '409 draw-impossible',
    )
    // Somebody leaves and comes back with another pick: now it is possible.
    await must(url, 'removePlayer', { path: { id, playerId: players[0]!.id }, token: players[0]!.token })
    const back = await join(url, id, 'Back')
    await pick(url, id, back, 'C')
    expect((await ask('getTournament', { path: { id } })).body.readiness).toEqual({ ready: true })
    expect(await outcome('drawTeams', { path: { id }, token: organizer, body: {} })).toBe('200')
  })
})

describe('create', () => {
  it.each([
    ['no name', { limit: 4 }, ['/body/name']],
    ['an empty name', { name: ' \u200b ', limit: 4 }, ['/body/name']],
    ['a name of 101', { name: 'x'.repeat(101), limit: 4 }, ['/body/name']],
    ['a control character', { name: 'a\u0007b', limit: 4 }, ['/body/name']],
    ['one seat', { name: newId(), limit: 1 }, ['/body/limit']],
    ['257 seats', { name: newId(), limit: 257 }, ['/body/limit']],
    ['half a seat', { name: newId(), limit: 2.5 }, ['/body/limit']],
    ['seats as text', { name: newId(), limit: '4' }, ['/body/limit']],
    ['more seats than teams', { name: newId(), limit: 11 }, ['/body/limit']],
    ['one team', { name: newId(), limit: 2, teams: { names: ['A'] } }, ['/body/teams/names']],
    [
      'twins',
      { name: newId(), limit: 2, teams: { names: ['PSG', 'x', 'p\u200bsg'] } },
      ['/body/teams/names/2'],
    ],
    ['an unknown key', { name: newId(), limit: 4, owner: 'me' }, ['/body/owner']],
    ['an unknown preset', { name: newId(), limit: 4, teams: { preset: 'zoo' } }, ['/body/teams/preset']],
    [
      'all at once',
      { name: '', limit: 0, drawMode: 'fair' },
      ['/body/drawMode', '/body/limit', '/body/name'],
    ],
  ])('refuses %s and points at each place', async (_, body, paths) => {
    const { status, problem } = await ask('createTournament', { body })
    expect(`${status} ${problem.code}`).toBe('422 invalid-input')
    expect(problem.fields?.map(({ path }) => path).sort()).toEqual(paths)
  })

  it('keeps a name once, whatever its case and accents; archiving frees it, read-only after', async () => {
    const name = `Côpa ${newId()}`
    const first = await must(url, 'createTournament', { body: { name, limit: 2 } })
    const twin = { name: name.toUpperCase().replace('Ô', 'o'), limit: 2 }
    expect(await outcome('createTournament', { body: twin })).toBe('409 name-taken')
    const { id, joinCode } = first.body
    const token = first.body.organizerToken ?? ''
    const player = await join(url, id, 'Early')
    expect(await outcome('archiveTournament', { path: { id }, token })).toBe('200')
    expect(await outcome('archiveTournament', { path: { id }, token })).toBe('200')
    expect(await outcome('createTournament', { body: twin })).toBe('201')
    expect((await ask('getTournament', { path: { id } })).body.status).toBe('archived')
    const self = { path: { id, playerId: player.id }, token: player.token }
    const archived = [
      outcome('joinTournament', { path: { id }, body: { firstName: 'a', lastName: 'b' } }),
      outcome('pickTeam', { ...self, body: { team: 'Arsenal' } }),
      outcome('removePlayer', self),
      outcome('setJoining', { path: { id }, token, body: { open: false } }),
      outcome('drawTeams', { path: { id }, token, body: {} }),
      outcome('voidDraw', { path: { id }, token, body: { reason: 'x' } }),
      outcome('renameTournament', {
        path: { id },
        token,
        body: { name: newId() },
        headers: { 'if-match': '"3"' },
      }),
    ]
    for (const answer of await Promise.all(archived)) expect(answer).toBe('409 tournament-archived')
    expect(await outcome('findByJoinCode', { path: { code: joinCode } })).toBe('404 not-found')
    expect(await outcome('getSeat', self)).toBe('200')
  })

  it.each([
    ['classic', 10],
    ['clubs', 40],
    ['nations', 48],
  ] as const)('has the preset %s of at least %i teams', async (preset, count) => {
    const { body } = await must(url, 'createTournament', {
      body: { name: newId(), limit: 2, teams: { preset } },
    })
    const { teams } = (await ask('getTournament', { path: { id: body.id } })).body
    if (preset === 'classic') expect(teams).toHaveLength(count)
    expect(teams.length).toBeGreaterThanOrEqual(count)
    expect(new Set(teams).size).toBe(teams.length)
  })
})

describe('rename', () => {
  it('needs the version that was seen; the old name becomes free; renaming back works', async () => {
    const { id, organizer: token } = await tournamentWith(url, 1)
    const rename = (name: string | undefined, version?: string) =>
      ask('renameTournament', {
        path: { id },
        token,
        body: name === undefined ? {} : { name },
        headers: version === undefined ? {} : { 'if-match': version },
      })
    const shown = await ask('getTournament', { path: { id } })
    const [old, fresh] = [shown.body.name, `Renamed ${newId()}`]
    expect(shown.headers.get('etag')).toBe('"2"')
    expect((await rename(fresh)).problem.code).toBe('version-required')
    expect((await rename(fresh)).status).toBe(428)
    expect((await rename(fresh, '"1"')).status).toBe(412)
    expect((await rename(fresh, '"1"')).problem.code).toBe('stale-version')
    for (const malformed of ['*', '"a"', '"1", "2"', '-1'])
      expect((await rename(fresh, malformed)).status, malformed).toBe(422)
    const renamed = await rename(fresh, '"2"')
    expect(renamed.body).toEqual({ id, name: fresh, version: 3 })
    expect(renamed.headers.get('etag')).toBe('"3"')

    const other = await ask('createTournament', { body: { name: old, limit: 2 } })
    expect(other.status).toBe(201)
    expect((await rename(old, '"3"')).problem.code).toBe('name-taken')
    await must(url, 'archiveTournament', {
      path: { id: other.body.id },
      token: other.body.organizerToken ?? '',
    })
    expect((await rename(old, '"3"')).body).toMatchObject({ name: old, version: 4 })
    // Another spelling of its own name, and no name at all.
    expect((await rename(old.toUpperCase(), '"4"')).body).toMatchObject({ version: 5 })
    expect((await rename(undefined, '"5"')).body).toMatchObject({ name: old.toUpperCase(), version: 5 })
  })
})

describe('reading', () => {
  it('with the version that one has costs nothing: 304', async () => {
    const { id } = await tournamentWith(url, 2)
    const first = await ask('getTournament', { path: { id } })
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toBe(`"${first.body.version}"`)
    for (const tag of [etag, `W/${etag}`, `"1", ${etag}`, '*']) {
      const same = await ask('getTournament', { path: { id }, headers: { 'if-none-match': tag } })
      expect(same.status).toBe(304)
      expect(same.text).toBe('')
      expect(same.headers.get('etag')).toBe(etag)
    }
    const other = await ask('getTournament', { path: { id }, headers: { 'if-none-match': '"1"' } })
    expect(other.status).toBe(200)
  })

  it('the log page by page, oldest first, without gaps', async () => {
    const { id } = await tournamentWith(url, 30)
    for (const size of [1, 7, 31, 100]) {
      const versions = (await wholeLog(url, id, size)).map(({ version }) => version)
      expect(versions).toEqual(Array.from({ length: 31 }, (_, index) => index + 1))
    }
    const page = await ask('listLog', { path: { id }, query: { after: 29, limit: 1 } })
    expect(page.body.items).toMatchObject([{ version: 30, type: 'player-joined', by: 'anyone' }])
    expect(page.body.next).toBe(30)
    expect((await ask('listLog', { path: { id }, query: { after: 31 } })).body).toEqual({
      items: [],
      next: null,
    })
    seen.add('listLog')
    for (const [query, path] of [
      [{ limit: 0 }, '/query/limit'],
      [{ limit: 101 }, '/query/limit'],
      [{ after: -1 }, '/query/after'],
      [{ after: 'x' }, '/query/after'],
      [{ page: 2 }, '/query/page'],
    ] as const) {
      const { status, problem } = await ask('listLog', { path: { id }, query })
      expect(status).toBe(422)
      expect(problem.fields?.map((field) => field.path)).toEqual([path])
    }
  })

  it('what does not exist is 404, by whatever route', async () => {
    const id = newId()
    for (const name of ['getTournament', 'listTeams', 'getDrawProof', 'listLog'] as const) {
      expect(await outcome(name, { path: { id } })).toBe('404 not-found')
      expect(await outcome(name, { path: { id: 'nonsense' } })).toBe('404 not-found')
    }
    const nobody = { firstName: 'a', lastName: 'b' }
    expect(await outcome('joinTournament', { path: { id }, body: nobody })).toBe('404 not-found')
  })
})

describe('joining', () => {
  it('is refused when closed, when full, and to the same person', async () => {
    const { id, organizer } = await tournamentWith(url, 0, custom('A', 'B'))
    const enter = (firstName: string, lastName: string) =>
      outcome('joinTournament', { path: { id }, body: { firstName, lastName } })
    const setOpen = (open: boolean) =>
      outcome('setJoining', { path: { id }, token: organizer, body: { open } })
    expect(await enter('José', 'Ruiz')).toBe('201')
    expect(await enter(' JOSE ', 'ruiz')).toBe('409 player-exists')
    expect(await setOpen(false)).toBe('200')
    expect(await setOpen(false)).toBe('200')
    expect(await enter('Eva', 'Roy')).toBe('409 joining-closed')
    expect((await ask('getTournament', { path: { id } })).body.joining).toBe(false)
    expect(await setOpen(true)).toBe('200')
    expect(await enter('Eva', 'Roy')).toBe('201')
    expect(await enter('Tom', 'Bo')).toBe('409 tournament-full')
    expect(await enter('', 'Bo')).toBe('422 invalid-input')
    expect(await enter('x'.repeat(61), 'Bo')).toBe('422 invalid-input')
  })

  it('a seat that becomes free can be taken again, and the team with it', async () => {
    const { id, players, organizer, names } = await readyTournament(2)
    const [first, second] = [players[0]!, players[1]!]
    await must(url, 'removePlayer', { path: { id, playerId: first.id }, token: organizer })
    const next = await join(url, id, 'Next')
    await pick(url, id, next, names[0]!)
    await must(url, 'removePlayer', { path: { id, playerId: second.id }, token: second.token })
    const events = (await wholeLog(url, id)).filter(({ type }) => type === 'player-removed')
    expect(events.map(({ data, by }) => ({ ...data, said: by }))).toEqual([
      { playerId: first.id, by: 'organizer', said: 'organizer' },
      { playerId: second.id, by: 'player', said: 'player' },
    ])
    expect(await outcome('getSeat', { path: { id, playerId: first.id }, token: first.token })).toBe(
      '403 not-a-player',
    )
  })

  it('a pass moves to another device: the old one stops at once', async () => {
    const { id, players, names } = await readyTournament(2)
    const player = players[0]!
    const path = { id, playerId: player.id }
    const moved = await ask('movePass', { path, token: player.token })
    expect(moved.status).toBe(201)
    const token = moved.body.playerToken
    expect(token).not.toBe(player.token)
    for (const name of ['getSeat', 'movePass', 'removePlayer'] as const)
      expect(await outcome(name, { path, token: player.token })).toBe('401 pass-moved')
    expect(await outcome('pickTeam', { path, token: player.token, body: { team: names[0] } })).toBe(
      '401 pass-moved',
    )
    expect(await outcome('highlightTeam', { path, token: player.token, body: { team: null } })).toBe(
      '401 pass-moved',
    )
    expect(await outcome('getSeat', { path, token })).toBe('200')
    expect(await outcome('highlightTeam', { path, token, body: { team: names[1] } })).toBe('204')
  })
})

describe('picking', () => {
  it('keeps its rules, in their order', async () => {
    const { id, players, organizer } = await tournamentWith(url, 3, custom('A', 'B', 'C'))
    const as = (index: number, team: string, contribution?: string) =>
      outcome('pickTeam', {
        path: { id, playerId: players[index]!.id },
        token: players[index]!.token,
        body: { team, ...(contribution === undefined ? {} : { contribution }) },
      })
    expect(await as(0, 'Z')).toBe('409 unknown-team')
    expect(await as(0, ' A ', hex('01'))).toBe('200')
    expect(await as(0, 'A', hex('02'))).toBe('200')
    expect(await as(0, 'B')).toBe('409 already-picked')
    expect(await as(1, 'A')).toBe('409 team-taken')
    expect(await as(1, 'B', 'short')).toBe('422 invalid-input')
    expect(await as(1, 'B')).toBe('200')
    const draw = () => outcome('drawTeams', { path: { id }, token: organizer, body: {} })
    expect(await draw()).toBe('409 not-all-picked')
    expect(await as(2, 'C')).toBe('200')
    expect(await draw()).toBe('200')
    expect(await as(2, 'C')).toBe('409 already-drawn')
    const self = { path: { id, playerId: players[0]!.id }, token: players[0]!.token }
    expect(await outcome('removePlayer', self)).toBe('409 already-drawn')
    expect(await outcome('highlightTeam', { ...self, body: { team: 'A' } })).toBe('409 already-drawn')
    const closed = { path: { id }, token: organizer, body: { open: false } }
    expect(await outcome('setJoining', closed)).toBe('409 already-drawn')
    const late = { path: { id }, body: { firstName: 'Too', lastName: 'Late' } }
    expect(await outcome('joinTournament', late)).toBe('409 already-drawn')
    // The first contribution of a device counts.
    const { body } = await ask('getDrawProof', { path: { id } })
    expect(JSON.stringify(body)).toContain(hex('01'))
    expect(JSON.stringify(body)).not.toContain(hex('02'))
  })

  it('the draw may come before all seats are taken, once joining is locked and two are in', async () => {
    const { id, players, organizer } = await tournamentWith(url, 2, { ...custom('A', 'B', 'C') })
    const draw = () => outcome('drawTeams', { path: { id }, token: organizer, body: {} })
    await pick(url, id, players[0]!, 'A')
    await pick(url, id, players[1]!, 'B')
    expect(await draw()).toBe('409 not-full')
    await must(url, 'setJoining', { path: { id }, token: organizer, body: { open: false } })
    expect(await draw()).toBe('200')
  })
})

describe('request ids', () => {
  it('the same id again is the same answer, byte for byte, the pass included', async () => {
    const { id } = await tournamentWith(url, 0, custom('A', 'B', 'C'))
    const key = newId()
    const enter = (body: object, requestId: string) =>
      ask('joinTournament', { path: { id }, id: key, body, headers: { 'x-request-id': requestId } })
    const ana = { firstName: 'Ana', lastName: 'Ito' }
    const first = await enter(ana, 'one')
    const second = await enter(ana, 'two')
    expect(first.status).toBe(201)
    expect(second.status).toBe(201)
    expect(second.text).toBe(first.text)
    expect(first.headers.get('x-request-id')).toBe('one')
    expect(second.headers.get('x-request-id')).toBe('two')
    const other = await enter({ ...ana, firstName: 'Eva' }, 'three')
    expect(`${other.status} ${other.problem.code}`).toBe('422 request-id-reused')
    expect((await ask('getTournament', { path: { id } })).body.players).toHaveLength(1)
    // A rejection is an answer too: it stays, although the seat would be free now.
    const refused = { path: { id }, id: newId(), body: ana }
    expect(await outcome('joinTournament', refused)).toBe('409 player-exists')
    await must(url, 'removePlayer', {
      path: { id, playerId: first.body.playerId },
      token: first.body.playerToken,
    })
    expect(await outcome('joinTournament', refused)).toBe('409 player-exists')
    expect(await outcome('joinTournament', { path: { id }, body: ana })).toBe('201')
  })

  it('a hundred at once with one id have one effect and one answer', async () => {
    const key = newId()
    const body = { name: `Once ${key}`, limit: 2 }
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => ask('createTournament', { id: key, body })),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(201)
  })

  it('on every write: the second time is the first answer, whatever has happened since', async () => {
    const { id, players, organizer, names } = await readyTournament(3)
    const self = { path: { id, playerId: players[0]!.id }, token: players[0]!.token }
    const asOrganizer = { path: { id }, token: organizer }
    const writes: [OperationName, Call][] = [
      ['pickTeam', { ...self, body: { team: names[0] } }],
      ['setJoining', { ...asOrganizer, body: { open: false } }],
      ['drawTeams', { ...asOrganizer, body: {} }],
      ['voidDraw', { ...asOrganizer, body: { reason: 'again' } }],
      ['renameTournament', { ...asOrganizer, body: { name: newId() }, headers: { 'if-match': '"10"' } }],
      ['removePlayer', self],
      ['movePass', { path: { id, playerId: players[1]!.id }, token: players[1]!.token }],
      ['archiveTournament', asOrganizer],
    ]
    const keyed = writes.map(([name, what]) => [name, { ...what, id: newId() }] as const)
    const first = []
    for (const [name, what] of keyed) first.push(await ask(name, what))
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 204, 201, 200])
    for (const [index, [name, what]] of keyed.entries()) {
      const second = await ask(name, what)
      expect([second.status, second.text], name).toEqual([first[index]!.status, first[index]!.text])
    }
    const versions = (await wholeLog(url, id)).map(({ version }) => version)
    expect(versions).toEqual(versions.map((_, index) => index + 1))
  })

  it('are remembered per caller and per operation', async () => {
    const [one, other] = [await readyTournament(2), await readyTournament(2)]
    const key = newId()
    const draw = (made: typeof one) =>
      ask('drawTeams', { path: { id: made.id }, token: made.organizer, body: {}, id: key })
    const [first, second] = [await draw(one), await draw(other)]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(first.text).not.toBe(second.text)
    const reused = { path: { id: one.id }, token: one.organizer, id: key }
    expect(await outcome('archiveTournament', reused)).toBe('422 request-id-reused')
  })

  it('x-request-id is kept when it is good and made when it is not; malformed keys are refused', async () => {
    const { id } = await tournamentWith(url, 0)
    const read = async (given: string | undefined) =>
      (
        await ask('getTournament', {
          path: { id },
          headers: given === undefined ? {} : { 'x-request-id': given },
        })
      ).headers.get('x-request-id')
    expect(await read('abc-123')).toBe('abc-123')
    for (const bad of [undefined, 'two words', 'x'.repeat(256)]) expect(isId(await read(bad))).toBe(true)
    const missing = await ask('getTournament', { path: { id: newId() }, headers: { 'x-request-id': 'mine' } })
    expect(missing.problem.requestId).toBe('mine')
    for (const key of ['', 'x'.repeat(256), 'two words', 'é'])
      expect(await outcome('createTournament', { id: key, body: { name: newId(), limit: 2 } }), key).toBe(
        '422 invalid-input',
      )
  })
})

describe('who may', () => {
  it('nobody without the right token: every operation, every kind of caller', async () => {
    const [own, other] = [await readyTournament(2), await readyTournament(2)]
    const [self, mate] = [own.players[0]!, own.players[1]!]
    const gone = await tournamentWith(url, 1)
    await must(url, 'removePlayer', {
      path: { id: gone.id, playerId: gone.players[0]!.id },
      token: gone.organizer,
    })
    const forged = `${own.organizer.slice(0, -6)}AAAAAA`
    const none = own.organizer.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url'))
    const bodies: Partial<Record<OperationName, unknown>> = {
      renameTournament: { name: newId() },
      pickTeam: { team: own.names[0] },
      highlightTeam: { team: null },
      setJoining: { open: true },
      drawTeams: {},
      voidDraw: { reason: 'x' },
    }
    const organizerOnly = [
      'renameTournament',
      'archiveTournament',
      'setJoining',
      'drawTeams',
      'voidDraw',
    ] as const
    const selfOnly = ['getSeat', 'movePass', 'pickTeam', 'highlightTeam'] as const
    const ask401 = '401 not-authenticated'
    const ask403 = '403 not-allowed'
    let cells = 0
    const expectOutcome = async (name: OperationName, token: string | undefined, wanted: string) => {
      const what: Call = { path: { id: own.id, playerId: self.id }, headers: { 'if-match': '"1"' } }
      if (token !== undefined) what.token = token
      if (name in bodies) what.body = bodies[name]
      expect(await outcome(name, what), `${name} ${token}`).toBe(wanted)
      cells++
    }
    for (const name of [...organizerOnly, ...selfOnly, 'removePlayer'] as const) {
      for (const token of [undefined, 'x', forged, none, `${own.organizer} `.repeat(3).trim()])
        await expectOutcome(name, token, ask401)
      for (const token of [other.organizer, other.players[0]!.token, mate.token, gone.players[0]!.token])
        await expectOutcome(name, token, ask403)
    }
    for (const name of organizerOnly) await expectOutcome(name, self.token, ask403)
    for (const name of selfOnly) await expectOutcome(name, own.organizer, ask403)
    // A token that is no good is told even where none is needed.
    for (const name of ['getTournament', 'listTeams', 'listLog'] as const)
      await expectOutcome(name, forged, ask401)
    expect(cells).toBe(10 * 9 + 9 + 3)
    // Nothing of all that has changed anything.
    expect((await ask('getTournament', { path: { id: own.id } })).body.version).toBe(5)
  })

  it('a removed player: his pass stops at once', async () => {
    const { id, players, organizer } = await tournamentWith(url, 2)
    const { id: playerId, token } = players[0]!
    await must(url, 'removePlayer', { path: { id, playerId }, token: organizer })
    for (const [name, body] of [
      ['getSeat', undefined],
      ['movePass', undefined],
      ['removePlayer', undefined],
      ['pickTeam', { team: 'Brazil' }],
      ['highlightTeam', { team: null }],
    ] as const)
      expect(await outcome(name, { path: { id, playerId }, token, body }), name).toBe('403 not-a-player')
    const twice = { path: { id, playerId }, token: organizer }
    expect(await outcome('removePlayer', twice)).toBe('403 not-a-player')
  })

  it('guessing of join codes is slowed, with Retry-After; right codes cost nothing', async () => {
    const { joinCode } = await tournamentWith(url, 0)
    const outcomes: string[] = []
    const { perAddress } = tournamentOperations.findByJoinCode.missesPerMinuteMax
    for (let index = 0; index < perAddress + 4; index++)
      outcomes.push(await outcome('findByJoinCode', { path: { code: `2222${String(22 + index)}` } }))
    expect(outcomes[0]).toBe('404 not-found')
    expect(outcomes.at(-1)).toBe('429 too-many-requests')
    const other = await ask('findByJoinCode', { path: { code: joinCode } })
    // The same address has used up its guesses, so it waits like anybody else.
    expect(other.status).toBe(429)
    expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('the checks of these tests', () => {
  // What has to do with people and organisations is looked at by the access matrix, in the same way.
  it('have looked at every operation of tournaments without them', () => {
    const ofPeople = Object.keys(tournamentPeopleOperations)
    const wanted = Object.keys(tournamentOperations).filter((name) => !ofPeople.includes(name))
    expect([...seen].sort()).toEqual(wanted.sort())
  })

  it('can fail: an answer with a key too many, of a wrong type, or with a wrong status is a breach', async () => {
    const { id } = await tournamentWith(url, 1)
    const response = await fetch(url + pathOf('getTournament', { id }))
    const [good, text] = [{ status: response.status, headers: response.headers }, await response.text()]
    expect(breaches('getTournament', { ...good, text })).toEqual([])
    const body = JSON.parse(text)
    for (const wrong of [
      { ...body, seed: hex('00') },
      { ...body, version: '7' },
      { ...body, players: [{}] },
    ])
      expect(breaches('getTournament', { ...good, text: JSON.stringify(wrong) })).not.toEqual([])
    expect(breaches('getTournament', { ...good, status: 201, text })).not.toEqual([])
    const missing = await fetch(url + pathOf('getTournament', { id: newId() }))
    const problem = { status: missing.status, headers: missing.headers, text: await missing.text() }
    expect(problemBreaches(problem)).toEqual([])
    expect(problemBreaches({ ...problem, text: '<h1>Not found</h1>' })).not.toEqual([])
    expect(problemBreaches({ ...problem, status: 410 })).not.toEqual([])
    const undeclared = problem.text.replaceAll('not-found', 'team-taken')
    expect(breaches('getTournament', { ...problem, text: undeclared })).not.toEqual([])
  })

  it('health is told by part', async () => {
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    const ready = await fetch(`${url}/readyz`)
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ ready: true })
    for (const path of ['/api/openapi.json', '/api/asyncapi.json', '/api/docs'])
      expect((await fetch(url + path)).status, path).toBe(200)
  })
})
