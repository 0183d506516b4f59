import { readFileSync } from 'node:fs'
import { sbomOf } from './sbom.ts'

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
process.stdout.write(`${JSON.stringify(sbomOf(packages), null, 2)}\n`)
