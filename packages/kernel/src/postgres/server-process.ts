import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { collectOutput } from './child-output.ts'
import type { PlatformBinaries } from './platform-binaries.ts'
import { type ServerUser, spawnAs } from './server-user.ts'

/** A fast shutdown ends the sessions and writes a checkpoint; longer, and Matchday's deadline is at risk. */
const fastShutdownMs = 5_000
/** An immediate shutdown writes nothing; the next start recovers from the log. */
const immediateShutdownMs = 2_000
const killMs = 1_000

export type ServerExit = { code: number | undefined; signal: string | undefined }

export type ServerProcess = {
  readonly processId: number
  readonly exit: Promise<ServerExit>
  /** Ends the server: fast, then immediate, then by force. Takes at most 8 s. */
  stop(): Promise<void>
  /** Lets Node end although the server runs. */
  detach(): void
}

/**
 * Starts the server, and beside it a watchdog: a shell that reads from a pipe which only we hold open. When
 * the pipe closes without a word, we are dead (`kill -9` included), and the watchdog shuts the server down:
 * fast, and after 3 s immediately. It signals only the process that `postmaster.pid` names at that moment.
 *
 * The watchdog is started first, twice removed, and the shell then becomes the server. So the server is our
 * own child, and has no child of its own that it does not know: it would take the death of one for a crash.
 */
const watchedServer = `
cluster=$1
shift
server=$$
( (
  read -r word <&3 && exit 0
  signal=INT
  tenths=0
  told=
  while [ "$tenths" -lt 60 ] && kill -0 "$server"; do
    running=
    read -r running <"$cluster/postmaster.pid"
    if [ "$running" = "$server" ]; then kill -s "$signal" "$server" && told=yes
    elif [ "$told" ]; then exit 0
    fi
    sleep 0.1
    tenths=$((tenths + 1))
    [ "$tenths" -ge 30 ] && signal=QUIT
  done
) </dev/null >/dev/null 2>&1 & )
exec "$@" 3<&-
`

/** Which server: its programs, who runs it, and its folder. */
export type ServerPlace = { binaries: PlatformBinaries; user: ServerUser; clusterDirectory: string }

export type ServerCommand = ServerPlace & {
  args: readonly string[]
  /** An open file that takes what the server prints. */
  logFile: number
}

/** Starts the server; it is not yet ready when this returns. */
export function launchServer(command: ServerCommand): ServerProcess {
  const child = process.platform === 'win32' ? spawnUnwatched(command) : spawnWatched(command)
  const pipe = child.stdio[3] instanceof Socket ? child.stdio[3] : undefined
  const exit = new Promise<ServerExit>((resolve) => {
    child.once('error', () => resolve({ code: undefined, signal: undefined }))
    child.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }))
  })
  // A word before the end tells the watchdog that there is nothing left to do. It may be gone itself.
  pipe?.on('error', () => {})
  void exit.then(() => pipe?.end('ended\n'))
  let stopping: Promise<void> | undefined
  return {
    processId: child.pid ?? 0,
    exit,
    stop() {
      stopping ??= endServer(child, exit, command)
      return stopping
    },
    detach() {
      child.unref()
      pipe?.unref()
    },
  }
}

function spawnWatched({ binaries, user, clusterDirectory, args, logFile }: ServerCommand): ChildProcess {
  return spawnAs(
    user,
    '/bin/sh',
    ['-c', watchedServer, 'matchday-postgres', clusterDirectory, binaries.postgres, ...args],
    // A session of its own: Ctrl-C in the terminal is for Matchday, which finishes requests first.
    { stdio: ['ignore', logFile, logFile, 'pipe'], detached: true },
  )
}

/**
 * Windows has no such shell, and PostgreSQL there is stopped through pg_ctl, not by signals. After a kill of
 * Matchday the server runs on until the next start, which ends it by its pid file.
 */
function spawnUnwatched({ binaries, user, args, logFile }: ServerCommand): ChildProcess {
  return spawnAs(user, binaries.postgres, args, { stdio: ['ignore', logFile, logFile] })
}

async function endServer(
  child: ChildProcess,
  exit: Promise<ServerExit>,
  command: ServerCommand,
): Promise<void> {
  child.ref()
  const steps = [
    { mode: 'fast', waitMs: fastShutdownMs },
    { mode: 'immediate', waitMs: immediateShutdownMs },
    { mode: 'kill', waitMs: killMs },
  ] as const
  for (const { mode, waitMs } of steps) {
    signalServer(child, mode, command)
    if (await endsWithin(exit, waitMs)) return
  }
}

function signalServer(child: ChildProcess, mode: StopMode | 'kill', place: ServerPlace): void {
  if (mode === 'kill') child.kill('SIGKILL')
  else if (process.platform === 'win32') void stopWithControl(place, mode)
  else child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
}

type StopMode = 'fast' | 'immediate'

/** Stops the server of a folder through `pg_ctl`, which waits until it has ended. For Windows. */
export async function stopWithControl(place: ServerPlace, mode: StopMode): Promise<void> {
  const args = ['stop', '-D', place.clusterDirectory, '-m', mode]
  await collectOutput(spawnAs(place.user, place.binaries.pgCtl, args, { timeout: fastShutdownMs }))
}

async function endsWithin(exit: Promise<ServerExit>, waitMs: number): Promise<boolean> {
  const waiting = new AbortController()
  const late = delay(waitMs, 'late', { signal: waiting.signal }).catch(() => 'late')
  const first = await Promise.race([exit.then(() => 'ended'), late])
  waiting.abort()
  return first === 'ended'
}
