import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyFeed, type FeedStep, receivePublication, receiveSnapshot } from './feed.ts'
import { exampleTeams, historyOf } from './testing/example-history.ts'
import { applyPublication } from './tournament-reducer.ts'

const history = fc
  .record({
    numbers: fc.array(fc.nat({ max: 4_000 }), { minLength: 40, maxLength: 160 }),
    drawMode: fc.constantFrom('any', 'derangement', 'keep'),
    picks: fc.constantFrom('unique', 'shared'),
  })
  .map(({ numbers, drawMode, picks }) => historyOf(numbers, drawMode, picks))

test('publications applied to any earlier snapshot give the later snapshots', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(history, fc.nat(), ({ snapshots, publications }, from) => {
      const start = from % snapshots.length
      let tournament = snapshots[start]!
      for (const [index, publication] of publications.slice(start).entries()) {
        tournament = applyPublication(tournament, publication)
        seen.add(publication.type)
        expect(tournament).toEqual(snapshots[start + index + 1])
      }
    }),
    { numRuns: 500 },
  )
  // The histories must not have been dull: only the very first event has no place in them.
  expect(seen.size).toBe(15)
})

test('lost, doubled and disordered publications: with a snapshot for each gap the end is right', () => {
  const disorder = fc.array(fc.record({ lost: fc.boolean(), index: fc.nat() }), { maxLength: 300 })
  fc.assert(
    fc.property(history, disorder, ({ snapshots, publications }, arrivals) => {
      let step: FeedStep = receiveSnapshot(emptyFeed, snapshots[0]!)
      let told = 0
      for (const { lost, index } of arrivals) {
        const next = publications[index % Math.max(1, publications.length)]
        if (lost || !next) continue
        const before = step.feed.tournament!.version
        step = receivePublication(step.feed, next)
        told += step.applied.length
        const { version } = step.feed.tournament!
        expect(version - before).toBe(step.applied.length)
        expect(step.feed.tournament).toEqual(snapshots[version - 1])
        expect(step.behind).toBe(step.feed.waiting.length > 0)
      }
      step = receiveSnapshot(step.feed, snapshots.at(-1)!)
      expect(step).toMatchObject({ behind: false, feed: { waiting: [] } })
      expect(step.feed.tournament).toEqual(snapshots.at(-1))
      expect(told).toBeLessThanOrEqual(publications.length)
    }),
  )
})

test('an older snapshot is ignored, unless history was restored', () => {
  const { snapshots } = historyOf([0, 0, 0], 'any', 'unique')
  const { feed } = receiveSnapshot(emptyFeed, snapshots[2]!)
  expect(receiveSnapshot(feed, snapshots[0]!).feed.tournament).toEqual(snapshots[2])
  expect(receiveSnapshot(feed, snapshots[0]!, true).feed.tournament).toEqual(snapshots[0])
})

test('publications before any snapshot wait for it', () => {
  const { snapshots, publications } = historyOf([0, 0, 0], 'any', 'unique')
  const early = receivePublication(emptyFeed, publications[1]!)
  expect(early).toMatchObject({ applied: [], behind: true })
  const step = receiveSnapshot(early.feed, snapshots[1]!)
  expect(step.applied).toEqual([publications[1]])
  expect(step.feed.tournament?.players).toHaveLength(2)
})

test('what waits is bounded', () => {
  const { publications } = historyOf([0], 'any', 'unique')
  let { feed } = receivePublication(emptyFeed, publications[0]!)
  for (let version = 10; version < 1_000; version++) {
    feed = receivePublication(feed, { ...publications[0]!, version }).feed
  }
  expect(feed.waiting.length).toBeLessThanOrEqual(256)
  expect(exampleTeams.length).toBe(8)
})
