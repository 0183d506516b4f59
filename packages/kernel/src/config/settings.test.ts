import { describe, expect, it } from 'vitest'
import { describeSettings, readSettings, type Setting } from './settings.ts'

const table = {
  port: {
    name: 'port',
    summary: 'Port',
    default: 3000,
    hint: 'a whole number from 0 to 65535',
    parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
  } satisfies Setting<number>,
  databaseUrl: {
    name: 'database-url',
    summary: 'Database',
    default: undefined,
    hint: 'a URL that begins with postgres://',
    parse: (text) => (text.startsWith('postgres://') ? text : undefined),
  } satisfies Setting<string | undefined>,
}
const read = (flags: string[], environment: Record<string, string> = {}) =>
  readSettings(table, { flags, environment })

describe('settings', () => {
  it('come from the flag, else from the environment, else from the default', () => {
    expect(read([]).port).toBe(3000)
    expect(read([], { MATCHDAY_PORT: '4000' }).port).toBe(4000)
    expect(read(['--port', '5000'], { MATCHDAY_PORT: '4000' }).port).toBe(5000)
    expect(read(['--port=5000']).port).toBe(5000)
    expect(read([], { MATCHDAY_PORT: '' }).port).toBe(3000)
  })

  it('that are wrong are all told at once, by key and hint and never by value', () => {
    const wrong = () => read(['--port', 'ninety'], { MATCHDAY_DATABASE_URL: 'mysql://root:hunter2@x' })
    expect(wrong).toThrow(/--port: a whole number from 0 to 65535/)
    expect(wrong).toThrow(/MATCHDAY_DATABASE_URL: a URL that begins with postgres/)
    expect(wrong).not.toThrow(/hunter2|ninety/)
  })

  it('that were written with spaces are told by name too', () => {
    const wrong = () => read(['--database-url', 'postgres://x', 'hunter2'])
    expect(wrong).toThrow(/--database-url: followed by a word too many/)
    expect(wrong).not.toThrow(/hunter2/)
    expect(() => read(['now'])).toThrow(/"now": not understood here/)
  })

  it('that do not exist are refused, with the nearest that does', () => {
    expect(() => read(['--prot', '1'])).toThrow(
      /--prot: there is no such setting. Did you mean MATCHDAY_PORT/,
    )
    expect(() => read([], { MATCHDAY_PROT: '1' })).toThrow(
      /MATCHDAY_PROT: there is no such setting. Did you mean/,
    )
    expect(() => read(['stray'])).toThrow(/"stray": not understood/)
    expect(() => read(['--port'])).toThrow(/--port: a value is missing/)
    expect(read([], { PATH: '/bin' }).port).toBe(3000)
  })

  it('describe themselves', () => {
    const replica = {
      ...table.databaseUrl,
      name: 'bar-replica-url',
      summary: 'One of many',
      defaultText: `none; ${'or so '.repeat(20)}`,
      family: {
        name: '<service>-replica-url-that-has-a-long-name',
        summary: `A copy ${'and on '.repeat(30)}`,
      },
    } satisfies Setting<string | undefined>
    const text = describeSettings([
      { title: 'Place', settings: { port: table.port } },
      {
        title: 'Databases',
        settings: { ...table, replica, other: { ...replica, name: 'kitchen-replica-url' } },
      },
    ])
    expect(text).toMatch(/^Place\n {2}--port +Port\n +MATCHDAY_PORT, default: 3000\n\nDatabases\n/)
    expect(text).toContain('MATCHDAY_DATABASE_URL')
    expect(text.match(/--<service>-replica-url/g)).toHaveLength(1)
    expect(text).not.toMatch(/bar|kitchen/)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
  })
})
