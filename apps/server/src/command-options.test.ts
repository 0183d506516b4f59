import { expect, it } from 'vitest'
import { takeOptions } from './command-options.ts'

const own = { switches: ['json'], values: ['service'] }

it('a command takes its own options and words, and leaves the settings', () => {
  const line = 'show 42 --json --service tournaments --nats-url nats://x --log-level=info'.split(' ')
  const { switches, values, words, settings } = takeOptions(line, own)
  expect([...switches]).toEqual(['json'])
  expect([...values]).toEqual([['service', 'tournaments']])
  expect(words).toEqual(['show', '42'])
  expect(settings).toEqual(['--nats-url', 'nats://x', '--log-level=info'])
})

it('the value of a setting is no word, whatever stands around it', () => {
  const { words, settings } = takeOptions(['--port', '80', 'list', '--host', 'h'], own)
  expect(words).toEqual(['list'])
  expect(settings).toEqual(['--port', '80', '--host', 'h'])
})
