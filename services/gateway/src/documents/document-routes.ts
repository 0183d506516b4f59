import type { Operation } from '@matchday/contracts'
import type { FastifyInstance } from 'fastify'
export function serveDocuments(
  _app: FastifyInstance,
  _operations: readonly Operation[],
  _version: string,
): string[] {
  return []
}
