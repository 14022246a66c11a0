import { expect, test } from 'vitest'
import type { S3Destination } from '../../src/delivery/destination.ts'
import { checkKeyLength, objectKey } from '../../src/delivery/object-key.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { destinationWith } from '../simulation/delivery-world.ts'

const firstRecordAtMs = Date.UTC(2026, 6, 13, 14, 15, 16)
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
const NAME = `clicks-3-2026-07-13-14-15-16-${UUID}`

/** [destination, expression that the key matches] */
const cases: [Partial<S3Destination>, string][] = [
  [{}, `2026/07/13/14/${NAME}`],
  [{ prefix: '' }, `2026/07/13/14/${NAME}`],
  [{ prefix: 'legacy' }, `legacy2026/07/13/14/${NAME}`],
  [{ prefix: 'legacy/' }, `legacy/2026/07/13/14/${NAME}`],
  [{ prefix: 'data/dt=!{timestamp:yyyy-MM-dd}' }, `data/dt=2026-07-13${NAME}`],
  [{ prefix: 'data/dt=!{timestamp:yyyy-MM-dd}/' }, `data/dt=2026-07-13/${NAME}`],
  [{ prefix: 'r/!{firehose:random-string}/' }, `r/[A-Za-z0-9]{11}/${NAME}`],
  [{ compression: 'GZIP' }, `2026/07/13/14/${NAME}\\.gz`],
  [{ compression: 'GZIP', fileExtension: '.json.gz' }, `2026/07/13/14/${NAME}\\.json\\.gz`],
  [{ fileExtension: '.jsonl' }, `2026/07/13/14/${NAME}\\.jsonl`],
  [{ timeZone: 'Asia/Tokyo' }, `2026/07/13/23/clicks-3-2026-07-13-23-15-16-${UUID}`],
  [
    { timeZone: 'Pacific/Kiritimati', prefix: '!{timestamp:yyyy/MM/dd/}' },
    `2026/07/14/clicks-3-2026-07-14-04-15-16-${UUID}`,
  ],
]

for (const [destination, expected] of cases) {
  test(`${JSON.stringify(destination)} names an object ${expected.replace(UUID, '<uuid>')}`, () => {
    const key = objectKey(destinationWith(destination), { stream: 'clicks', version: 3, firstRecordAtMs }, ids())
    expect(key).toMatch(new RegExp(`^${expected}$`))
  })
}

test('two batches of the same second get different keys', () => {
  const same = ids()
  const batch = { stream: 'clicks', version: 1, firstRecordAtMs }
  expect(objectKey(destinationWith(), batch, same)).not.toBe(objectKey(destinationWith(), batch, same))
})

const lengths: [string, Partial<S3Destination>, boolean][] = [
  ['512 characters', { prefix: 'p'.repeat(512) }, true],
  ['513 characters', { prefix: 'p'.repeat(513) }, false],
  ['512 characters of four bytes', { prefix: '𝒑'.repeat(256) }, false],
  ['a pattern that grows past 512', { prefix: '!{timestamp:MMMM}'.repeat(57), errorOutputPrefix: 'e' }, true],
  ['a random string forty-seven times', { prefix: '!{firehose:random-string}'.repeat(47) }, false],
]

for (const [claim, destination, isTaken] of lengths) {
  test(`an evaluated prefix of ${claim} is ${isTaken ? 'taken' : 'refused'}`, () => {
    const batch = { stream: 'n'.repeat(64), version: 1, firstRecordAtMs }
    const check = () => checkKeyLength(destinationWith(destination), batch, ids())
    if (isTaken) expect(check).not.toThrow()
    else expect(check).toThrow('Prefix is too long')
  })
}

function ids(): Ids {
  return new Ids(seededRandom(1))
}
