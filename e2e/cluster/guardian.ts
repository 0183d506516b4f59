import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Outlives whoever started it for a moment: at the end of its standard input it kills what is on its list and removes
 * the folders, so that an interrupted test leaves nothing behind, however it was interrupted.
 */
const script = `
trap '' INT TERM HUP
pids=' '
while read -r what pid; do
  case $what in
    add) pids="$pids$pid " ;;
    drop) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
    sweep) set -- "$@" "$pid" ;;
    dismiss) exit 0 ;;
  esac
done
[ "$pids" = ' ' ] || kill -9 $pids 2>/dev/null
# Until those who write there have ended.
sleep 1
for folder; do rm -rf "$folder"; done
`

export type Guardian = {
  /** From now on this process must not outlive us. */
  watch(processId: number | undefined): void
  /** It has ended; its number may be another's soon. */
  drop(processId: number | undefined): void
  /** This temporary folder must not outlive us either. */
  sweep(folder: string): void
  /** Everything was ended in good order. */
  dismiss(): void
}

export function startGuardian(): Guardian {
  const shell = spawn('sh', ['-c', script, 'guardian'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  letGo(shell)
  const say = (line: string) => {
    if (shell.stdin?.writable) shell.stdin.write(`${line}\n`)
  }
  return {
    watch: (processId) => void (processId === undefined || say(`add ${processId}`)),
    drop: (processId) => void (processId === undefined || say(`drop ${processId}`)),
    sweep: (folder) => say(`sweep ${folder}`),
    dismiss: () => say('dismiss 0'),
  }
}

/** Neither it nor the line to it keeps this process from ending. */
function letGo(shell: ChildProcess): void {
  shell.unref()
  shell.stdin?.on('error', () => {})
  if (shell.stdin !== null && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function')
    shell.stdin.unref()
}
