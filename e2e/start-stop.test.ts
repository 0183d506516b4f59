import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join as joinPath } from 'node:path'
import { startEmbeddedPostgres } from '@matchday/kernel'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { firstAccount, signedIn } from './support/accounts.ts'
import { call, must, tournamentWith, wholeLog } from './support/client.ts'
import { liveClient } from './support/live.ts'
import {
  isRoot,
  launchMatchday,
  type Matchday,
  removeFolder,
  runMatchday,
  type StartOptions,
  startMatchday,
  temporaryFolder,
  unprivilegedUserId,
} from './support/matchday.ts'
import { registerOrganization } from './support/organizations.ts'
import { until } from './support/until.ts'

/** What is printed or told a moment later. */
const soonMs = 10_000

const folders: string[] = []
const running: Matchday[] = []

async function folder(): Promise<string> {
  const path = await temporaryFolder()
  folders.push(path)
  return path
}

async function start(options: StartOptions): Promise<Matchday> {
  const matchday = await startMatchday(options)
  running.push(matchday)
  return matchday
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((matchday) => matchday.kill()))
})
afterAll(async () => {
  for (const path of folders) await removeFolder(path)
})

/** A folder on which Matchday has run once, so that the tests need not create the database again and again. */
let used = ''
let survivor = { id: '', organizer: '' }

beforeAll(async () => {
  used = await folder()
  const first = await startMatchday({ dataDirectory: used })
  console.log(`first start on an empty folder: ${Math.round(first.readyMs)} ms`)
  survivor = await tournamentWith(first.url, 2)
  expect(await first.stop()).toBe(0)
  expect(first.output()).toMatch(/Creating the database[\s\S]*Starting PostgreSQL/)
})

/** What it has logged: at the usual level there is nothing to say. */
function warningsOf(matchday: Matchday): readonly string[] {
  return matchday
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}

async function openSocket(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

async function postmasterOf(dataDirectory: string): Promise<number> {
  const [first = ''] = (await readFile(joinPath(dataDirectory, 'postgres/postmaster.pid'), 'utf8')).split(
    '\n',
  )
  return Number(first)
}

describe('starting', () => {
  it('and ending without a word in the log', async () => {
    // On a busy machine something may be too slow for once; that is what it warns of.
    const told: (readonly string[])[] = []
    do {
      const matchday = await start({ dataDirectory: used })
      await tournamentWith(matchday.url, 2)
      expect(await matchday.stop()).toBe(0)
      told.push(warningsOf(matchday))
    } while (told.at(-1)?.length !== 0 && told.length < 4)
    expect(told.at(-1)).toEqual([])
  })

  it('again on the same folder takes at most two seconds, and everything is still there', async () => {
    // The promise is 2 s on a machine that is free for it; on a busy one the best of some must come near.
    let matchday = await start({ dataDirectory: used })
    const readyMs = [Math.round(matchday.readyMs)]
    while (Math.min(...readyMs) > 2_000 && readyMs.length < 4) {
      await matchday.stop()
      matchday = await start({ dataDirectory: used })
      readyMs.push(Math.round(matchday.readyMs))
    }
    console.log(`second start: ${readyMs.join(', ')} ms`)
    expect(Math.min(...readyMs)).toBeLessThan(4_000)
    expect(await (await fetch(`${matchday.url}/readyz`)).json()).toMatchObject({ ready: true })
    const { body } = await must(matchday.url, 'getTournament', { path: { id: survivor.id } })
    expect(body.players).toHaveLength(2)
    // Tokens too: their key is in the folder.
    const closed = await call(matchday.url, 'setJoining', {
      path: { id: survivor.id },
      token: survivor.organizer,
      body: { open: body.joining },
    })
    expect(closed.status).toBe(200)
    expect(await matchday.stop()).toBe(0)
  })

  it('shows the link of the first account after the banner, until there is one, and links of mails', async () => {
    const data = await folder()
    const first = await start({ dataDirectory: data })
    await until('the link is printed', () => first.output().includes('/setup#'), soonMs)
    expect(first.output()).toMatch(/Matchday is ready[\s\S]*Whoever opens this link[\s\S]*\/setup#/)
    expect(first.output()).toContain(`${first.url.replace('127.0.0.1', 'localhost')}/setup#`)
    const { body: before } = await must(first.url, 'getStaffSignIn')
    expect(before).toMatchObject({ registration: 'closed', needsSetup: true, mail: 'outbox' })
    const staff = await firstAccount(first.url, first.output())
    const organization = await registerOrganization(first.url, staff.accessToken)
    await must(first.url, 'requestStaffReset', { body: { email: staff.email } })
    await until('the mail is printed', () => /Mail to ada\..*\n\s+http:.*#/.test(first.output()), soonMs)
    expect(await first.stop()).toBe(0)

    const second = await start({ dataDirectory: data })
    const path = { organizationId: organization }
    const again = await must(second.url, 'getOrganization', { path, token: staff.accessToken })
    expect(again.body.status).toBe('approved')
    expect((await must(second.url, 'getStaffSignIn')).body.needsSetup).toBe(false)
    expect(await second.stop()).toBe(0)
    expect(second.output()).not.toContain('/setup#')
  })

  it('makes the administrator of the configuration once, and tells nobody his password', async () => {
    const data = await folder()
    const root = { email: 'root@cup.example', password: 'canary bird in a coal mine' }
    const env = { MATCHDAY_SUPERADMIN_EMAIL: root.email, MATCHDAY_SUPERADMIN_PASSWORD: root.password }
    const first = await start({ dataDirectory: data, env })
    await until('he is there', async () => !(await must(first.url, 'getStaffSignIn')).body.needsSetup, soonMs)
    const staff = await signedIn(first.url, 'staff', root)
    const newPassword = 'another bird in the mine'
    const body = { oldPassword: root.password, newPassword }
    await must(first.url, 'changeStaffPassword', { token: staff.accessToken, body })
    expect(await first.stop()).toBe(0)
    // What he has changed is not changed back.
    const second = await start({ dataDirectory: data, env })
    const again = await signedIn(second.url, 'staff', { ...root, password: newPassword })
    const { body: found } = await must(second.url, 'listAdministrators', { token: again.accessToken })
    expect(found.items).toMatchObject([{ email: root.email, role: 'superadmin' }])
    for (const matchday of [first, second]) expect(matchday.output()).not.toMatch(/canary|setup#/)
    expect(await second.stop()).toBe(0)
  })

  it('twice on one folder: the second refuses and says why, the first is unharmed', async () => {
    const first = await start({ dataDirectory: used })
    const second = await runMatchday(['serve', '--port', '0', '--host', '127.0.0.1', '--data', used])
    expect(second.code).toBe(1)
    expect(second.error).toContain(
      `Matchday already runs on this data folder (process ${first.process.pid}).`,
    )
    expect(second.error).toContain('MATCHDAY_DATA')
    expect(second.error).not.toContain(' at ')
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
    await tournamentWith(first.url, 1)
    expect(await first.stop()).toBe(0)
  })

  it('on a port that is taken says so, and leaves nothing running', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const refused = await runMatchday([
      'serve',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--data',
      used,
    ])
    other.close()
    expect(refused.code).toBe(1)
    expect(refused.error).toContain(String(port))
    expect(refused.error).toContain('MATCHDAY_PORT')
    expect(refused.error).not.toMatch(/\n {4}at /)
    expect(existsSync(joinPath(used, 'postgres/postmaster.pid'))).toBe(false)
  })

  it('takes host, port and folder from the environment; a flag wins', async () => {
    const data = joinPath(await folder(), 'not', 'there', 'yet')
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const address = probe.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise((resolve) => probe.close(resolve))
    const env = { MATCHDAY_HOST: '127.0.0.1', MATCHDAY_PORT: String(port), MATCHDAY_DATA: data }
    const matchday = await start({ dataDirectory: data, env, placed: false })
    expect(matchday.url).toBe(`http://127.0.0.1:${port}`)
    expect(existsSync(joinPath(data, 'postgres'))).toBe(true)
    await matchday.stop()
    const other = await start({ dataDirectory: data, env, placed: false, flags: ['--port', '0'] })
    expect(other.url).not.toBe(`http://127.0.0.1:${port}`)
    expect(await other.stop()).toBe(0)
  })

  it('works as an ordinary user', async () => {
    const data = await folder()
    if (isRoot) await chmod(data, 0o777)
    const matchday = await start({
      dataDirectory: joinPath(data, 'mine'),
      ...(isRoot ? { userId: unprivilegedUserId } : {}),
    })
    await tournamentWith(matchday.url, 2)
    expect(await matchday.stop()).toBe(0)
  })

  it('in a folder that this user may not write, or that is a file, says so in one line', async () => {
    const parent = await folder()
    await chmod(parent, 0o755)
    const file = joinPath(parent, 'a-file')
    await writeFile(file, 'not a folder')
    const onFile = await runMatchday(['serve', '--port', '0', '--host', '127.0.0.1', '--data', file])
    expect(onFile.code).toBe(1)
    expect(onFile.error).toContain(file)
    expect(onFile.error).not.toMatch(/\n {4}at /)
    expect(await readFile(file, 'utf8')).toBe('not a folder')

    const locked = joinPath(parent, 'locked')
    await mkdir(locked, { mode: 0o555 })
    const refused = await runMatchday(['serve', '--port', '0', '--host', '127.0.0.1', '--data', locked], {
      ...(isRoot ? { userId: unprivilegedUserId } : {}),
    })
    expect(refused.code).toBe(1)
    expect(refused.error).toContain(locked)
    expect(refused.error).not.toMatch(/\n {4}at /)
  })

  it('with a damaged token key says which file, not what is in it, and does not make a new one', async () => {
    const key = joinPath(used, 'token-key.json')
    const good = await readFile(key, 'utf8')
    for (const damaged of [good.slice(0, -30), '', '{"kty":"RSA","n":"canary-5f1"}', '\0\0\0']) {
      await writeFile(key, damaged)
      const refused = await runMatchday(['serve', '--port', '0', '--host', '127.0.0.1', '--data', used])
      expect(refused.code).toBe(1)
      expect(refused.error).toContain('token-key.json')
      expect(refused.error).not.toContain('canary-5f1')
      expect(refused.error).not.toContain(JSON.parse(good).d)
      expect(refused.error).not.toMatch(/\n {4}at /)
      expect(await readFile(key, 'utf8')).toBe(damaged)
    }
    await writeFile(key, good)
    const matchday = await start({ dataDirectory: used })
    expect(await matchday.stop()).toBe(0)
  })

  it('uses a PostgreSQL of the user, and starts none of its own', async () => {
    const [data, keys] = [await folder(), await folder()]
    const server = await startEmbeddedPostgres({ dataDirectory: data })
    try {
      const target = await server.database('own')
      const { user, password, port, database } = target
      const host = encodeURIComponent(target.host)
      const url = `postgres://${user}:${password}@${host}:${port}/${database}`
      const env = { MATCHDAY_DATABASE_URL: url }
      const migrated = await runMatchday(['migrate'], { env })
      expect(migrated).toMatchObject({ code: 0, error: '' })
      const matchday = await start({ dataDirectory: keys, env })
      const made = await tournamentWith(matchday.url, 2)
      expect(matchday.output()).not.toContain(password)
      expect(await matchday.stop()).toBe(0)
      expect(existsSync(joinPath(keys, 'postgres'))).toBe(false)
      const again = await start({ dataDirectory: keys, env })
      expect(await wholeLog(again.url, made.id)).toHaveLength(3)
      expect(await again.stop()).toBe(0)
    } finally {
      await server.stop()
    }
  })

  it('waits for a PostgreSQL of the user that is not there or not migrated, says so, and stops when it is told to', async () => {
    const data = await folder()
    const server = await startEmbeddedPostgres({ dataDirectory: data })
    try {
      const target = await server.database('own')
      const { user, password, port, database } = target
      const host = encodeURIComponent(target.host)
      const url = (name: string, secret: string) => `postgres://${user}:${secret}@${host}:${port}/${name}`
      const places = [
        {
          at: 'postgres://someone:canary-77@127.0.0.1:1/own',
          detail: /waiting for the database: .*cannot be reached/,
        },
        { at: url(database, password), detail: /waiting for the database: .*matchday migrate/ },
      ]
      for (const { at, detail } of places) {
        const child = launchMatchday(['serve', '--host', '127.0.0.1', '--port', '0', '--metrics-port', '0'], {
          env: { MATCHDAY_DATABASE_URL: at, MATCHDAY_DATA: await folder() },
        })
        const [, address = ''] = await child.printed(/gateway listens on (\S+)/)
        await until(
          'it says what it waits for',
          async () => {
            const response = await fetch(`${address}/readyz`)
            return response.status === 503 && detail.test(await response.text())
          },
          soonMs,
        )
        expect((await fetch(`${address}/livez`)).status).toBe(200)
        const refused = await call(address, 'createTournament', { body: { name: 'Too early', limit: 2 } })
        expect(refused.status).toBe(503)
        const startedAt = performance.now()
        expect(await child.stop()).toBe(0)
        expect(performance.now() - startedAt).toBeLessThan(8_000)
        expect(child.output()).not.toContain('canary-77')
        expect(child.output()).not.toContain(password)
      }
      const wrongPassword = await runMatchday(['serve', '--host', '127.0.0.1', '--port', '0'], {
        env: { MATCHDAY_DATABASE_URL: url('not_there', password), MATCHDAY_DATA: await folder() },
      })
      expect(wrongPassword.code).toBe(1)
      expect(wrongPassword.error).toContain('name of the database')
      expect(wrongPassword.error).not.toMatch(/\n {4}at /)
    } finally {
      await server.stop()
    }
  })
})

describe('ending', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s: requests in flight are answered, sockets told to come back, exit code 0',
    async (signal) => {
      const matchday = await start({ dataDirectory: used })
      const made = await tournamentWith(matchday.url, 1)
      const spectators = Array.from({ length: 20 }, () =>
        liveClient(matchday.url, { minReconnectDelay: 60_000, maxReconnectDelay: 60_000 }),
      )
      await Promise.all(spectators.map((spectator) => spectator.watch(made.id)))
      const inFlight = Array.from({ length: 40 }, (_, index) =>
        call(matchday.url, 'createTournament', {
          body: { name: `Last ${signal} ${index} ${made.id}`, limit: 2 },
        }),
      )
      // As soon as the first is answered the others are somewhere on their way.
      await Promise.race(inFlight)
      const startedAt = performance.now()
      const code = await matchday.stop(signal)
      const tookMs = performance.now() - startedAt
      const answers = await Promise.allSettled(inFlight)
      console.log(`${signal}: ended after ${Math.round(tookMs)} ms`)
      expect(code).toBe(0)
      expect(tookMs).toBeLessThan(10_000)
      const failed = answers.filter((answer) => answer.status === 'rejected')
      expect(failed).toEqual([])
      for (const answer of answers) {
        if (answer.status === 'fulfilled') expect(answer.value.status).toBe(201)
      }
      for (const spectator of spectators) {
        expect(spectator.closes.items).toEqual([3001])
        spectator.stop()
      }
      expect(existsSync(joinPath(used, 'postgres/postmaster.pid'))).toBe(false)
    },
  )

  it('is not held up by clients that hang', async () => {
    const matchday = await start({ dataDirectory: used })
    const port = Number(new URL(matchday.url).port)
    const head = 'POST /api/tournaments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
    const upgrade =
      'GET /api/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
    const sockets = await Promise.all([
      openSocket(port, ''),
      openSocket(port, 'GET /livez HT'),
      openSocket(port, `${head}Content-Length: 900\r\n\r\n{"name":`),
      openSocket(port, upgrade),
    ])
    // The upgraded one has been answered, so all of them have arrived.
    await once(sockets[3]!, 'data')
    const startedAt = performance.now()
    expect(await matchday.stop()).toBe(0)
    const tookMs = performance.now() - startedAt
    console.log(`stop in spite of clients that hang: ${Math.round(tookMs)} ms`)
    expect(tookMs).toBeLessThan(10_000)
    for (const socket of sockets) socket.destroy()
  })

  it('by kill -9: PostgreSQL ends by itself, and the next start works at once', async () => {
    const matchday = await start({ dataDirectory: used })
    const made = await tournamentWith(matchday.url, 2)
    const postmaster = await postmasterOf(used)
    expect(isAlive(postmaster)).toBe(true)
    await matchday.kill()
    const tookMs = await until('postgres ends', () => !isAlive(postmaster), soonMs)
    console.log(`kill -9: PostgreSQL was gone after ${Math.round(tookMs)} ms`)
    const again = await start({ dataDirectory: used })
    expect(await wholeLog(again.url, made.id)).toHaveLength(3)

    // At once: nobody waits for the orphan.
    await again.kill()
    const third = await start({ dataDirectory: used })
    console.log(`start right after kill -9: ${Math.round(third.readyMs)} ms`)
    expect(await wholeLog(third.url, made.id)).toHaveLength(3)
    expect(await third.stop()).toBe(0)
  })

  it('by the death of its database: says so, and ends with a code that tells a supervisor to start it again', async () => {
    const matchday = await start({ dataDirectory: used })
    process.kill(await postmasterOf(used), 'SIGKILL')
    expect(await matchday.exited).toBe(1)
    expect(matchday.output()).toContain('database')
    const again = await start({ dataDirectory: used })
    expect(await again.stop()).toBe(0)
  })
})

describe('the command line', () => {
  it('helps', async () => {
    const [help, version, roles] = await Promise.all([
      runMatchday(['--help']),
      runMatchday(['--version']),
      runMatchday(['serve', '--list-roles']),
    ])
    expect(help).toMatchObject({ code: 0, error: '' })
    for (const word of ['MATCHDAY_PORT', 'MATCHDAY_DATA', 'demo', '--verify-config', '--list-roles'])
      expect(help.output).toContain(word)
    for (const title of ['Accounts', 'Mails', 'Databases', 'Many processes', 'Keys'])
      expect(help.output).toMatch(new RegExp(`^${title}$`, 'm'))
    for (const { output } of [help, roles])
      expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(version).toMatchObject({ code: 0, error: '' })
    expect(version.output).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(roles.code).toBe(0)
    const names = roles.output.split('\n').map((line) => line.split(' ')[0])
    expect(names).toEqual(['gateway', 'tournaments', 'organizations', 'identity', ''])
  })

  it('checks settings without starting', async () => {
    const good = await runMatchday(['serve', '--verify-config'], { env: { MATCHDAY_PORT: '8080' } })
    expect(good).toMatchObject({ code: 0, error: '' })
    const bad = await runMatchday(['serve', '--verify-config', '--log-level', 'canary-1'], {
      env: {
        MATCHDAY_PORT: 'canary-2',
        MATCHDAY_DATABASE_URL: 'mysql://root:canary-3@x/y',
        MATCHDAY_TOKEN_KEY: 'canary-4',
        MATCHDAY_PUBLIC_URL: 'https://canary-5.example/path',
        MATCHDAY_SUPERADMIN_PASSWORD: 'canary-6',
        MATCHDAY_SMTP_URL: 'http://user:canary-7@mail',
        MATCHDAY_STAFF_OIDC_ISSUER: 'http://canary-8.example',
        MATCHDAY_IDENTITY_STAFF_DATABASE_URL: 'canary-9',
      },
    })
    expect(bad.code).toBe(2)
    for (const key of [
      'MATCHDAY_PORT',
      '--log-level',
      'MATCHDAY_DATABASE_URL',
      'MATCHDAY_TOKEN_KEY',
      'MATCHDAY_PUBLIC_URL',
      'MATCHDAY_SUPERADMIN_PASSWORD',
      'MATCHDAY_SMTP_URL',
      'MATCHDAY_STAFF_OIDC_ISSUER',
      'MATCHDAY_IDENTITY_STAFF_DATABASE_URL',
    ])
      expect(bad.error).toContain(`${key}: `)
    expect(bad.error).toContain('from 0 to 65535')
    expect(bad.error + bad.output).not.toContain('canary')
    const surprising = await runMatchday(['serve', '--verify-config'], {
      env: {
        ...{ MATCHDAY_NATS_URL: 'nats://127.0.0.1:4222', MATCHDAY_ROLES: 'gateway' },
        ...{ MATCHDAY_TOKEN_PUBLIC_KEY: '{}', MATCHDAY_PUBLIC_URL: 'http://canary.example' },
      },
    })
    expect(surprising).toMatchObject({ code: 0, output: expect.stringMatching(/right.\n.*can sign in/) })
    expect(surprising.output).not.toContain('canary')
  })

  it.each([
    ['an unknown command', ['fly'], {}, /no command "fly"/],
    ['an unknown flag', ['serve', '--prot', '1'], {}, /--prot.*Did you mean MATCHDAY_PORT/],
    ['an unknown variable', ['serve'], { MATCHDAY_PROT: '1' }, /MATCHDAY_PROT.*Did you mean MATCHDAY_PORT/],
    ['a word too many', ['serve', 'now'], {}, /"now"/],
    ['a flag without its value', ['serve', '--port'], {}, /--port/],
    ['an unknown role', ['serve', '--roles', 'cook'], {}, /--roles/],
    ['only some roles', ['serve', '--roles', 'gateway,identity'], {}, /tournaments, organizations missing/],
  ])('refuses %s with exit code 2', async (_, words, env, message) => {
    const refused = await runMatchday(words, { env })
    expect(refused.code).toBe(2)
    expect(refused.error).toMatch(message)
    expect(refused.error).not.toMatch(/\n {4}at /)
  })

  it('demo fills a tournament on the server that runs, or starts one', async () => {
    const matchday = await start({ dataDirectory: used })
    const port = new URL(matchday.url).port
    const filled = await runMatchday(['demo', '--host', '127.0.0.1', '--port', port, '--data', used])
    expect(filled.code).toBe(0)
    const id = filled.output.match(/\/host\/([0-9a-f-]{36})#/)?.[1] ?? ''
    const { body } = await must(matchday.url, 'getTournament', { path: { id } })
    expect(body.players).toHaveLength(10)
    expect(body.players.filter((player) => player.pick !== null)).toHaveLength(8)
    await matchday.stop()

    const alone = await start({ dataDirectory: used, command: 'demo' })
    await until('the demo is filled', () => /\/host\/[0-9a-f-]{36}#/.test(alone.output()), soonMs)
    expect(alone.output()).toContain('10 players')
    expect(await alone.stop()).toBe(0)
  })
})
