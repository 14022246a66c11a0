/** Encryption of a stream through its life: what its status says and what its journal holds. */
import { expect, test } from 'vitest'
import { DeliveryWorld, destinationWith, payloads, STREAM } from '../simulation/delivery-world.ts'

const SECRET = 'a secret of somebody'

async function encrypted() {
  const world = await DeliveryWorld.open()
  const key = await world.customerKeys.create({ description: '', tags: {} })
  return { world, id: key.id, keyArn: world.customerKeys.arnOf(key.id) }
}

const statusOf = (world: DeliveryWorld) => world.streams.streamNamed(STREAM).encryption.status

/** Whether the text is on the disk as it is. */
function isInTheClear(world: DeliveryWorld): boolean {
  return [...world.disk.names.values()].some(({ data }) => data.includes(SECRET))
}

test('records are kept encrypted once encryption is on, arrive as they were put, and survive a crash', async () => {
  const { world, keyArn } = await encrypted()
  for (const key of ['owned', { keyArn }] as const) {
    await world.createStream()
    await world.streams.setEncryption(STREAM, key)
    expect(statusOf(world)).toBe('ENABLING')
    expect(world.streams.isEncrypted(STREAM)).toBe(false)
    await world.clock.advance(100)
    expect(statusOf(world)).toBe('ENABLED')
    expect(world.streams.isEncrypted(STREAM)).toBe(true)
    await world.streams.accept(STREAM, payloads(SECRET))
    expect(isInTheClear(world)).toBe(false)
    world.crash()
    await world.reopen()
    await world.streams.accept(STREAM, payloads(`, and ${SECRET}`))
    expect(isInTheClear(world)).toBe(false)
    await world.drain()
    expect(world.bodies().at(-1)).toBe(`${SECRET}, and ${SECRET}`)
    await world.streams.delete(STREAM)
    await world.clock.advance(100)
  }
})

test('a stream made with encryption takes no record in the clear', async () => {
  const { world, keyArn } = await encrypted()
  await world.streams.create(STREAM, destinationWith(), {}, { keyArn })
  expect(world.streams.streamNamed(STREAM)).toMatchObject({ state: 'CREATING', encryption: { status: 'ENABLING' } })
  await world.clock.advance(100)
  expect(world.streams.streamNamed(STREAM)).toMatchObject({ state: 'ACTIVE', encryption: { status: 'ENABLED' } })
  await world.streams.accept(STREAM, payloads(SECRET))
  expect(isInTheClear(world)).toBe(false)
})

test('a key that is disabled before the stream is at work makes a stream that can only be deleted', async () => {
  const { world, id, keyArn } = await encrypted()
  await world.streams.create(STREAM, destinationWith(), {}, { keyArn })
  await world.customerKeys.setEnabled(id, false)
  await world.clock.advance(100)
  const failed = {
    state: 'CREATING_FAILED',
    encryption: { status: 'ENABLING_FAILED', key: { keyArn }, failure: { code: 'keyDisabled' } },
  }
  expect(world.streams.streamNamed(STREAM)).toMatchObject(failed)
  await world.restart()
  expect(world.streams.streamNamed(STREAM)).toMatchObject(failed)
  await expect(world.streams.accept(STREAM, payloads('x'))).rejects.toMatchObject({ code: 'noSuchStream' })
  await expect(world.streams.setEncryption(STREAM, 'owned')).rejects.toMatchObject({ code: 'streamBusy' })
  await world.streams.delete(STREAM)
  await world.clock.advance(100)
  expect(world.streams.list({ limit: 10 }).streams).toEqual([])
})

test('a key that cannot be used is refused before anything is changed', async () => {
  const { world, id, keyArn } = await encrypted()
  await world.customerKeys.setEnabled(id, false)
  const disabled = { code: 'keyDisabled' }
  await expect(world.streams.create(STREAM, destinationWith(), {}, { keyArn })).rejects.toMatchObject(disabled)
  await world.createStream()
  await expect(world.streams.setEncryption(STREAM, { keyArn })).rejects.toMatchObject(disabled)
  expect(statusOf(world)).toBe('DISABLED')
})

test('while its key is disabled a stream takes nothing, and goes on when it is enabled, also after a restart', async () => {
  const { world, id, keyArn } = await encrypted()
  await world.streams.create(STREAM, destinationWith(), {}, { keyArn })
  await world.clock.advance(100)
  for (const restart of [async () => undefined, () => world.restart()]) {
    await world.customerKeys.setEnabled(id, false)
    await restart()
    await expect(world.streams.accept(STREAM, payloads(SECRET))).rejects.toMatchObject({ code: 'keyDisabled' })
    expect(world.streams.isEncrypted(STREAM)).toBe(true)
    await world.customerKeys.setEnabled(id, true)
    await expect(world.streams.accept(STREAM, payloads(SECRET))).resolves.toMatchObject({ acceptedCount: 1 })
    expect(isInTheClear(world)).toBe(false)
  }
})

test('a key that could not be changed leaves the old one in effect', async () => {
  const { world, id, keyArn } = await encrypted()
  await world.createStream()
  await world.streams.setEncryption(STREAM, 'owned')
  await world.clock.advance(100)
  await world.streams.setEncryption(STREAM, { keyArn })
  await world.customerKeys.setEnabled(id, false)
  await world.clock.advance(100)
  expect(statusOf(world)).toBe('ENABLING_FAILED')
  expect(world.streams.isEncrypted(STREAM)).toBe(true)
  await world.streams.accept(STREAM, payloads(SECRET))
  expect(isInTheClear(world)).toBe(false)
})

test('stopped, a stream keeps new records in the clear, and those before it arrive too', async () => {
  const { world } = await encrypted()
  await world.createStream()
  await world.streams.setEncryption(STREAM, 'owned')
  await world.clock.advance(100)
  await world.streams.accept(STREAM, payloads('before, '))
  await world.streams.setEncryption(STREAM, undefined)
  expect(statusOf(world)).toBe('DISABLING')
  await expect(world.streams.setEncryption(STREAM, 'owned')).rejects.toMatchObject({ code: 'streamBusy' })
  await world.clock.advance(100)
  expect(statusOf(world)).toBe('DISABLED')
  await world.streams.accept(STREAM, payloads(SECRET))
  expect(isInTheClear(world)).toBe(true)
  await world.drain()
  expect(world.bodies()).toEqual([`before, ${SECRET}`])
})

test('a change that a crash interrupted is finished at the next start', async () => {
  const { world, keyArn } = await encrypted()
  await world.createStream()
  await world.streams.setEncryption(STREAM, { keyArn })
  world.crash()
  await world.reopen()
  expect(statusOf(world)).toBe('ENABLED')
  await world.streams.accept(STREAM, payloads(SECRET))
  expect(isInTheClear(world)).toBe(false)
})

test('nobody encrypts a stream that is not there, or not ready', async () => {
  const world = await DeliveryWorld.open()
  await expect(world.streams.setEncryption(STREAM, 'owned')).rejects.toMatchObject({ code: 'noSuchStream' })
  await world.streams.create(STREAM, destinationWith(), {})
  await expect(world.streams.setEncryption(STREAM, 'owned')).rejects.toMatchObject({ code: 'streamBusy' })
})
