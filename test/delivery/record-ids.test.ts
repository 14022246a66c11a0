import { expect, test } from 'vitest'
import { RecordIds } from '../../src/delivery/record-ids.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'

test('record ids are long, opaque and never given twice', () => {
  const recordIds = new RecordIds(new Ids(seededRandom(1)))
  const first = recordIds.reserve(500)
  const second = recordIds.reserve(500)
  const all = Array.from({ length: 500 }, (_, index) => [first(index), second(index)]).flat()
  expect(new Set(all).size).toBe(1_000)
  for (const id of all) expect(id).toMatch(/^[A-Za-z0-9]{224}$/)
})

test('two processes do not give the same ids', () => {
  const [one, other] = [1, 2].map((seed) => new RecordIds(new Ids(seededRandom(seed))).reserve(1)(0))
  expect(one).not.toBe(other)
})
