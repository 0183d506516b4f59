// Moleculer's own gateway in front of a service on another node.
import { ServiceBroker } from 'moleculer'
import ApiGateway from 'moleculer-web'

const { natsUrl, port } = JSON.parse(process.argv[2])

const broker = new ServiceBroker({ nodeID: 'gateway', transporter: natsUrl, logger: false })
broker.createService({
  name: 'api',
  mixins: [ApiGateway],
  settings: {
    ip: '127.0.0.1',
    port,
    routes: [
      {
        path: '/api',
        aliases: { 'PUT tournaments/:id/players/:playerId/pick': 'picks.pick' },
        bodyParsers: { json: true },
        logging: false,
      },
    ],
  },
})
await broker.start()
await broker.waitForServices('picks', 20_000)
process.once('disconnect', () => process.exit())
process.send({ port })
