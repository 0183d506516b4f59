import { networkInterfaces } from 'node:os'

/** Addresses of this machine that a phone in the same network may reach, the likeliest first. */
export function lanAddresses(interfaces = networkInterfaces()): readonly string[] {
  return Object.entries(interfaces)
    .flatMap(([name, addresses]) => (addresses ?? []).map((address) => ({ ...address, name })))
    .filter(
      ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
    )
    .sort((left, right) => rank(left) - rank(right))
    .map(({ address }) => address)
}

/** Home and office networks first; bridges of containers and virtual machines last: no phone is in those. */
function rank({ name, address }: { name: string; address: string }): number {
  if (/^(docker|br-|veth|virbr|vmnet|tun|tap|utun|zt|tailscale)/.test(name)) return 3
  if (address.startsWith('192.168.')) return 0
  return address.startsWith('10.') || /^172\.(1[6-9]|2\d|3[01])\./.test(address) ? 1 : 2
}

export type Addresses = {
  /** For the browser on this machine. */
  local: string
  /** For phones; equal to `local` when nothing else can reach us. */
  reachable: string
}

/** `publicUrl` wins; a server that listens on one address has only that one. */
export function addressesOf(place: { host: string; port: number; publicUrl: string | undefined }): Addresses {
  const { host, port, publicUrl } = place
  const everywhere = host === '0.0.0.0' || host === '::'
  const local = `http://${everywhere || isLoopback(host) ? 'localhost' : bracketed(host)}:${port}`
  if (publicUrl) return { local, reachable: publicUrl }
  const [lan] = everywhere ? lanAddresses() : []
  return { local, reachable: lan ? `http://${lan}:${port}` : local }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
