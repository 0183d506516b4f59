// The service: answers with as many bytes as it is told to.
import { ServiceBroker } from 'moleculer'

const { natsUrl, answerBytes } = JSON.parse(process.argv[2])
const answer = { filler: 'x'.repeat(Math.max(0, answerBytes - '{"filler":""}'.length)) }

const broker = new ServiceBroker({ nodeID: 'service', transporter: natsUrl, logger: false })
broker.createService({ name: 'picks', actions: { pick: () => answer } })
await broker.start()
process.once('disconnect', () => process.exit())
process.send({})
