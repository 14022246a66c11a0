/**
 * The bucket of many small objects that the benchmark of size measures.
 *
 * Keys are `team=TTT/day=DD/part-NNNNNN.json`: 1,000 teams, 100 days each, and as many parts as it takes. They come in
 * ten rounds over all teams and days, as from writers at work at once, so that pages of the indexes are split and filled
 * as they would be.
 */
import { systemClock } from '../../src/platform/clock.ts'
import { fillBucket, type NewObject } from '../support/fill-bucket.ts'

export const BUCKET = 'bench-size'
export const TEAMS = 1000
export const DAYS = 100
const ROUNDS = 10
/** Small, because what is measured is the number of objects. */
export const BODY = Buffer.from('{"the":"lake","holds":"many"}\n')
const DAY_MS = 24 * 3600 * 1000

export function keyOf(team: number, day: number, part: number): string {
  return `team=${padded(team, 3)}/day=${padded(day, 2)}/part-${padded(part, 6)}.json`
}

/** `objects` is a multiple of 1,000,000. The last team's objects are ten days old, for a lifecycle rule to expire. */
export async function fill(directory: string, objects: number): Promise<void> {
  await fillBucket(directory, BUCKET, { body: BODY, objects: all(objects) })
}

function* all(objects: number): Generator<NewObject> {
  const nowMs = systemClock.nowMs()
  const partsARound = objects / TEAMS / DAYS / ROUNDS
  for (let round = 0; round < ROUNDS; round++) {
    for (let team = 0; team < TEAMS; team++) {
      const modifiedAtMs = team === TEAMS - 1 ? nowMs - 10 * DAY_MS : nowMs
      for (let day = 0; day < DAYS; day++) {
        for (let part = 0; part < partsARound; part++)
          yield { key: keyOf(team, day, round * partsARound + part), modifiedAtMs }
      }
    }
  }
}

const padded = (value: number, width: number) => String(value).padStart(width, '0')
