// NestJS on Fastify, as its own documentation has it: a controller that asks a microservice over NATS. Decorators are
// called as functions, so that nothing needs to be compiled.
import 'reflect-metadata'
import { Body, Controller, Inject, Module, Param, Put } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ClientsModule, Transport } from '@nestjs/microservices'
import { FastifyAdapter } from '@nestjs/platform-fastify'

const { natsUrl } = JSON.parse(process.argv[2])

class PickController {
  constructor(client) {
    this.client = client
  }

  pick(id, playerId, body) {
    return this.client.send('pickTeam', { id, playerId, ...body })
  }
}
const method = [PickController.prototype, 'pick']
Inject('PICKS')(PickController, undefined, 0)
for (const [index, decorate] of [Param('id'), Param('playerId'), Body()].entries()) decorate(...method, index)
Put('api/tournaments/:id/players/:playerId/pick')(
  ...method,
  Object.getOwnPropertyDescriptor(PickController.prototype, 'pick'),
)
Controller()(PickController)

class GatewayModule {}
Module({
  imports: [
    ClientsModule.register([{ name: 'PICKS', transport: Transport.NATS, options: { servers: [natsUrl] } }]),
  ],
  controllers: [PickController],
})(GatewayModule)

const app = await NestFactory.create(GatewayModule, new FastifyAdapter(), { logger: ['error'] })
await app.listen(0, '127.0.0.1')
process.once('disconnect', () => process.exit())
process.send({ port: app.getHttpServer().address().port })
