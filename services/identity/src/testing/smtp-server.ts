import { createServer, type Socket } from 'node:net'

export type ReceivedMail = { readonly from: string; readonly to: string; readonly data: string }

/** As much of a mail server as a client needs to hand over a mail; it can be told to refuse. */
export async function startSmtpServer() {
  const received: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  let refuses = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    serve(
      socket,
      () => refuses,
      (mail) => received.push(mail),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listens nowhere')
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    refuse(value: boolean) {
      refuses = value
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function serve(socket: Socket, refuses: () => boolean, onMail: (mail: ReceivedMail) => void): void {
  let from = ''
  let to = ''
  let data: string[] | null = null
  let rest = ''
  const say = (line: string) => socket.write(`${line}\r\n`)
  const hear = (line: string): void => {
    if (data !== null) {
      if (line !== '.') return void data.push(line)
      onMail({ from, to, data: data.join('\n') })
      data = null
      return void say('250 taken')
    }
    const [, address = ''] = /<([^>]*)>/.exec(line) ?? []
    if (/^(EHLO|HELO)/i.test(line)) say('250 mail.test')
    else if (/^MAIL FROM/i.test(line)) {
      from = address
      say('250 ok')
    } else if (/^RCPT TO/i.test(line)) {
      to = address
      // A real server's words, which quote the address.
      say(refuses() ? `451 4.7.1 <${address}> try again later` : '250 ok')
    } else if (/^DATA/i.test(line)) {
      data = []
      say('354 go on')
    } else if (/^QUIT/i.test(line)) {
      say('221 bye')
      socket.end()
    } else if (/^STARTTLS/i.test(line)) say('502 not here')
    else say('250 ok')
  }
  say('220 mail.test ESMTP')
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('utf8')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
  })
}
