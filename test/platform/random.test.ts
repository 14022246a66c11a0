import { expect, test } from 'vitest'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom, systemRandom } from '../../src/platform/random.ts'

test.each([
  ['system', systemRandom],
  ['seeded', seededRandom(42)],
] as const)('%s randomness is spread evenly over [0, 1)', (_name, random) => {
  const units = Array.from({ length: 20_000 }, () => random.unit())
  expect(units.filter((unit) => !(unit >= 0 && unit < 1))).toEqual([])
  const tenths = new Array<number>(10).fill(0)
  for (const unit of units) tenths[Math.floor(unit * 10)] = (tenths[Math.floor(unit * 10)] ?? 0) + 1
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(300)
})

test('bytes handed out are never handed out again or changed later', () => {
  const first = systemRandom.bytes(16)
  const kept = Buffer.from(first)
  for (let draw = 0; draw < 5000; draw++) systemRandom.bytes(16).fill(0)
  expect(first).toEqual(kept)
})

test('a seed gives the same identifiers again, and they have the form of version 4', () => {
  const one = new Ids(seededRandom(1))
  const other = new Ids(seededRandom(1))
  const uuids = Array.from({ length: 100 }, () => one.uuid())
  expect(Array.from({ length: 100 }, () => other.uuid())).toEqual(uuids)
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(uuids).size).toBe(100)
})

test('alphanumeric and hexadecimal identifiers have exactly the length asked for', () => {
  const ids = new Ids(seededRandom(3))
  for (const length of [1, 11, 220]) {
    expect(ids.alphanumeric(length)).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`))
    expect(ids.hex(length)).toMatch(new RegExp(`^[0-9a-f]{${length}}$`))
  }
})
