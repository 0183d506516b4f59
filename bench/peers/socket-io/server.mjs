// A socket.io server of several that share Redis: whoever connects is in the one room.
import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { createClient } from 'redis'
import { Server } from 'socket.io'

const { redisUrl } = JSON.parse(process.argv[2])

const publisher = createClient({ url: redisUrl })
const subscriber = publisher.duplicate()
await Promise.all([publisher.connect(), subscriber.connect()])
const http = createServer()
const io = new Server(http, {
  adapter: createAdapter(publisher, subscriber),
  transports: ['websocket'],
  perMessageDeflate: false,
})
io.on('connection', (socket) => socket.join('tournament'))
http.listen(0, '127.0.0.1', () => process.send({ port: http.address().port }))
process.once('disconnect', () => process.exit())
