/**
 * What the benchmark of crawls crawls: `events/landing-date=DDDD-DD-DD/part-NNNN.json`, 2,000 days, one million objects.
 * They come in ten rounds over all days, as from writers at work at once.
 */
import { systemClock } from '../../src/platform/clock.ts'
import { fillBucket, type NewObject } from '../support/fill-bucket.ts'

export const MANY = 'bench-crawl'
export const DAYS = 2000
const ROUNDS = 10
const FIRST_DAY_MS = Date.UTC(2021, 0, 1)
const DAY_MS = 24 * 3600 * 1000
const BODY = Buffer.from(
  '{"event_id":"7f0e","event_timestamp":"2026-01-15 12:00:00","page":"/home","user_id":12,"price":2.5}\n',
)

export async function fill(directory: string, objects: number): Promise<void> {
  await fillBucket(directory, MANY, { body: BODY, objects: all(objects) })
}

function* all(objects: number): Generator<NewObject> {
  const modifiedAtMs = systemClock.nowMs()
  const partsARound = objects / DAYS / ROUNDS
  for (let round = 0; round < ROUNDS; round++) {
    for (let day = 0; day < DAYS; day++) {
      const date = new Date(FIRST_DAY_MS + day * DAY_MS).toISOString().slice(0, 10)
      for (let part = 0; part < partsARound; part++) {
        const number = String(round * partsARound + part).padStart(4, '0')
        yield { key: `events/landing-date=${date}/part-${number}.json`, modifiedAtMs }
      }
    }
  }
}
