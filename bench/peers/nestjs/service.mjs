// The microservice: answers with as many bytes as it is told to, and with `database` inserts a row before it does.
import 'reflect-metadata'
import { Controller, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { MessagePattern, Payload, Transport } from '@nestjs/microservices'
import pg from 'pg'

const { natsUrl, database, answerBytes } = JSON.parse(process.argv[2])
/** Its default is 10; Emmett was measured to be best with 16, and so is this. */
const connectionsMax = 16
const pool = database === undefined ? undefined : new pg.Pool({ ...database, max: connectionsMax })
if (pool !== undefined)
  await pool.query(`create table if not exists picks (
    id bigint generated always as identity primary key,
    tournament uuid, player uuid, team text, at timestamptz default now()
  )`)
const answer = { filler: 'x'.repeat(Math.max(0, answerBytes - '{"filler":""}'.length)) }

class PicksController {
  async pick({ id, playerId, team }) {
    if (pool !== undefined) {
      const text = 'insert into picks (tournament, player, team) values ($1, $2, $3)'
      await pool.query({ name: 'pick', text, values: [id, playerId, team] })
    }
    return answer
  }
}
const method = [PicksController.prototype, 'pick']
Payload()(...method, 0)
MessagePattern('pickTeam')(...method, Object.getOwnPropertyDescriptor(PicksController.prototype, 'pick'))
Controller()(PicksController)

class PicksModule {}
Module({ controllers: [PicksController] })(PicksModule)

const options = { transport: Transport.NATS, options: { servers: [natsUrl] }, logger: ['error'] }
const app = await NestFactory.createMicroservice(PicksModule, options)
await app.listen()
process.once('disconnect', () => process.exit())
process.send({})
