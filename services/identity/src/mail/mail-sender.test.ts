import { silentLog } from '@matchday/kernel'
import { afterEach, describe, expect, it } from 'vitest'
import { startSmtpServer } from '../testing/smtp-server.ts'
import { createMailSender, isPlainAllowed } from './mail-sender.ts'

describe('a link on its way to the mail server', () => {
  let smtp: Awaited<ReturnType<typeof startSmtpServer>> | undefined
  afterEach(() => smtp?.stop())
  const send = (query: string) =>
    createMailSender({ url: `${smtp!.url}${query}`, from: 'matchday@matchday.test' }, silentLog).send({
      to: 'ada@example.org',
      subject: 'A link',
      text: 'https://matchday.test/office/reset#secret',
    })

  it('is not handed over in the open where that is not allowed, although the server would take it', async () => {
    smtp = await startSmtpServer()
    expect(await send('?requireTLS=true')).toBe(false)
    expect(smtp.received).toEqual([])
    // The control: the same server, on this machine.
    expect(await send('')).toBe(true)
    expect(smtp.received).toHaveLength(1)
  })

  it.each([
    ['smtp://mail.example.org', false],
    ['smtp://user:password@192.0.2.7:2525', false],
    ['smtp://localhost.example.org', false],
    ['smtp://127.0.0.1.example.org', false],
    ['smtp://mail.example.org?requireTLS=no', false],
    ['smtp://localhost:1025', true],
    ['smtp://127.0.0.1', true],
    ['smtp://[::1]:25', true],
    ['smtp://mail.internal?requireTLS=false', true],
  ])('goes to %s in the open: %s', (url, isAllowed) => {
    expect(isPlainAllowed(url)).toBe(isAllowed)
  })
})
