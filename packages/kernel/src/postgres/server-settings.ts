/**
 * What the embedded server runs with; PostgreSQL's own names and units. They are given on the command line
 * at every start, so that a new version of Matchday changes them without touching the data folder.
 */
const laptopSettings: Record<string, string> = {
  // Nothing acknowledged is lost, also in a power cut.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Small enough for a laptop, enough for every service's connections.
  shared_buffers: '64MB',
  max_connections: '100',
  effective_cache_size: '512MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  // No replicas and no archive: log only what crash recovery needs, and keep little of it.
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
  // Short queries on a few cores: compiling, parallel workers and extra processes cost more than they give.
  jit: 'off',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_worker_processes: '2',
  max_logical_replication_workers: '0',
  autovacuum_worker_slots: '2',
  autovacuum_max_workers: '2',
  shared_preload_libraries: '',
  session_preload_libraries: '',
  // A transaction that was forgotten open holds locks and stops clean-up.
  idle_in_transaction_session_timeout: '10s',
  password_encryption: 'scram-sha-256',
  // Errors of single statements go to the client, who knows what they mean; here they only fill the log.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
  cluster_name: 'matchday',
}

/** Where the server listens: a socket in a private folder, or (Windows) a port of the loopback interface. */
export type Listening =
  | { kind: 'socket'; directory: string; port: number }
  | { kind: 'loopback'; host: '127.0.0.1'; port: number }

/** Command-line arguments: the defaults, the caller's changes, and what nobody may change, in this order. */
export function serverArguments(
  clusterDirectory: string,
  listening: Listening,
  changes: Record<string, string> = {},
): string[] {
  const all = { ...laptopSettings, ...changes, ...listeningSettings(listening) }
  return [
    '-D',
    clusterDirectory,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

function listeningSettings(listening: Listening): Record<string, string> {
  const port = String(listening.port)
  switch (listening.kind) {
    case 'socket':
      return {
        listen_addresses: '',
        // The value is a list; quotes keep a comma in a folder's name from splitting it.
        unix_socket_directories: `"${listening.directory.replaceAll('"', '""')}"`,
        unix_socket_permissions: '0700',
        port,
      }
    case 'loopback':
      return { listen_addresses: listening.host, unix_socket_directories: '', port }
    default:
      return listening satisfies never
  }
}
