export { createTestDatabase, type TestDatabase } from './database/test-database.ts'
export { createFakeClock, type FakeClock } from './fake-clock.ts'
export { type Asked, givenAt, givenWhenThen, type Outcome } from './given-when-then.ts'
export { type Call, isLinearizable, type Model } from './linearizability.ts'
