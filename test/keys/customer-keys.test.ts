import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EncryptionContext } from '../../src/keys/customer-keys.ts'
import { customerWorld } from './customer-world.ts'

const DAY_MS = 24 * 3600 * 1000
const SECRET = Buffer.from('a secret of the lake')

let world: Awaited<ReturnType<typeof customerWorld>>
let lake: Awaited<ReturnType<typeof world.open>>
beforeEach(async () => {
  world = await customerWorld()
  lake = await world.open()
})
afterEach(() => {
  lake.close()
  world.remove()
})

/** The lake looks at the clock once an hour; the hours between need not all be lived through. */
const later = async (ms: number) => {
  const atMs = world.clock.nowMs() + ms
  world.clock.jumpTo(atMs - 3600 * 1000)
  await world.clock.advance(3600 * 1000)
}
const made = () => lake.keys.create({ description: '', tags: {} })

test('what a key sealed it opens after a restart, under the same context in any order', async () => {
  const { id } = await made()
  const sealed = lake.keys.encrypt(id, SECRET, { shop: 'a', till: '1' })
  expect(sealed.includes(SECRET)).toBe(false)
  lake.close()
  lake = await world.open()
  expect(lake.keys.decrypt(sealed, { till: '1', shop: 'a' }).equals(SECRET)).toBe(true)
  expect(lake.keys.keyOf(sealed).id).toBe(id)
  const others: EncryptionContext[] = [{}, { shop: 'a' }, { shop: '1', till: 'a' }]
  for (const other of others) {
    expect(() => lake.keys.decrypt(sealed, other)).toThrow(expect.objectContaining({ code: 'ciphertextInvalid' }))
  }
})

test('a ciphertext that was altered anywhere, cut or lengthened does not open', async () => {
  const { id } = await made()
  await made()
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom('flip', 'cut', 'grow'),
      (plain, at, bits, how) => {
        const sealed = lake.keys.encrypt(id, plain)
        expect(lake.keys.decrypt(sealed).equals(plain)).toBe(true)
        const place = at % sealed.byteLength
        const altered = {
          flip: () => Buffer.from(sealed.map((byte, index) => (index === place ? byte ^ bits : byte))),
          cut: () => sealed.subarray(0, place),
          grow: () => Buffer.concat([sealed, Buffer.of(bits)]),
        }[how]()
        expect(() => lake.keys.decrypt(altered)).toThrow(expect.objectContaining({ code: 'ciphertextInvalid' }))
      },
    ),
  )
})

test('a key whose stored material was altered is an error, not another key', async () => {
  const { id } = await made()
  const sealed = lake.keys.encrypt(id, SECRET)
  lake.database.prepare('UPDATE customer_key_material SET wrapped = zeroblob(60)').run()
  expect(() => lake.keys.decrypt(sealed)).toThrow('altered or damaged')
  expect(() => lake.keys.encrypt(id, SECRET)).toThrow('altered or damaged')
})

test('a disabled key does nothing until it is enabled again', async () => {
  const { id } = await made()
  const sealed = lake.keys.encrypt(id, SECRET)
  await lake.keys.setEnabled(id, false)
  expect(() => lake.keys.encrypt(id, SECRET)).toThrow(expect.objectContaining({ code: 'keyDisabled' }))
  expect(() => lake.keys.decrypt(sealed)).toThrow(expect.objectContaining({ code: 'keyDisabled' }))
  await lake.keys.setEnabled(id, true)
  expect(lake.keys.decrypt(sealed).equals(SECRET)).toBe(true)
})

test('a key is deleted when its time has come, and what it sealed is gone for good', async () => {
  const { id } = await made()
  const sealed = lake.keys.encrypt(id, SECRET)
  await lake.keys.createAlias('alias/till', id)
  await lake.keys.scheduleDeletion(id, 7)
  expect(() => lake.keys.decrypt(sealed)).toThrow(expect.objectContaining({ code: 'keyPendingDeletion' }))
  await later(7 * DAY_MS - 1)
  expect(lake.keys.byId(id).state).toBe('pendingDeletion')
  await world.clock.advance(1)
  expect(() => lake.keys.byId(id)).toThrow(expect.objectContaining({ code: 'keyNotFound' }))
  expect(() => lake.keys.decrypt(sealed)).toThrow(expect.objectContaining({ code: 'ciphertextInvalid' }))
  await world.clock.advance(3600 * 1000)
  expect(lake.database.prepare('SELECT * FROM customer_key_material').all()).toEqual([])
  expect(lake.keys.aliases({ after: '', limit: 9 })).toEqual([])
})

test('a deletion that is cancelled leaves the key disabled, as on AWS', async () => {
  const { id } = await made()
  await expect(lake.keys.cancelDeletion(id)).rejects.toMatchObject({ code: 'keyNotPendingDeletion' })
  await lake.keys.scheduleDeletion(id, 7)
  await expect(lake.keys.setEnabled(id, true)).rejects.toMatchObject({ code: 'keyPendingDeletion' })
  await lake.keys.cancelDeletion(id)
  await later(8 * DAY_MS)
  expect(lake.keys.byId(id).state).toBe('disabled')
})

test('a key that came due while the lake was down is deleted when it starts', async () => {
  const { id } = await made()
  await lake.keys.scheduleDeletion(id, 7)
  lake.close()
  world.clock.jumpTo(world.clock.nowMs() + 8 * DAY_MS)
  lake = await world.open()
  expect(lake.database.prepare('SELECT * FROM customer_key').all()).toEqual([])
})

test('rotation gives a key new material on its day, in step with the first, and old ciphertexts still open', async () => {
  const { id } = await made()
  await lake.keys.setRotation(id, 90)
  const due = world.clock.nowMs() + 90 * DAY_MS
  const before = lake.keys.encrypt(id, SECRET)
  const materials = () => lake.database.prepare('SELECT id FROM customer_key_material').all().length
  await later(89 * DAY_MS)
  expect(materials()).toBe(1)
  await later(2 * DAY_MS)
  expect(materials()).toBe(2)
  expect(lake.keys.byId(id).rotation).toEqual({ periodDays: 90, nextAtMs: due + 90 * DAY_MS })
  const after = lake.keys.encrypt(id, SECRET)
  expect(after.subarray(0, 23).equals(before.subarray(0, 23))).toBe(false)
  expect([lake.keys.decrypt(before), lake.keys.decrypt(after)]).toEqual([SECRET, SECRET])
})

test('the key of S3 appears when it is first used, once, and nobody changes it', async () => {
  expect(lake.keys.aliases({ after: '', limit: 9 })).toEqual([])
  const [one, two] = await Promise.all([lake.keys.s3Key(), lake.keys.s3Key()])
  expect(one.id).toBe(two.id)
  expect(one).toMatchObject({ manager: 'lake', state: 'enabled', rotation: { periodDays: 365 } })
  await expect(lake.keys.setEnabled(one.id, false)).rejects.toMatchObject({ code: 'keyIsManaged' })
  await expect(lake.keys.scheduleDeletion(one.id, 7)).rejects.toMatchObject({ code: 'keyIsManaged' })
})
