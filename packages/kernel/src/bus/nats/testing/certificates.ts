import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Certificates = { readonly caFile: string; readonly certFile: string; readonly keyFile: string }

/** A certificate for loopback, signed by an authority that nobody else knows; good for a day. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string) => join(folder, name)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  await run('openssl', [
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    '/CN=tests',
  ])
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key')]
  await run('openssl', [
    'req',
    '-x509',
    ...key,
    ...signed,
    '-keyout',
    at('key.pem'),
    '-out',
    at('cert.pem'),
    ...subject,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ])
  return { caFile: at('ca.pem'), certFile: at('cert.pem'), keyFile: at('key.pem') }
}
