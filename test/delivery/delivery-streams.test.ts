import { expect, test } from 'vitest'
import { DeliveryWorld, destinationWith, payloads, STREAM } from '../simulation/delivery-world.ts'

test('a stream is CREATING, takes no records yet, and soon ACTIVE', async () => {
  const world = await DeliveryWorld.open()
  await world.streams.create(STREAM, destinationWith(), {})
  expect(world.streams.streamNamed(STREAM)).toMatchObject({ state: 'CREATING', version: 1, updatedAtMs: undefined })
  await expect(world.streams.accept(STREAM, payloads('a'))).rejects.toMatchObject({ code: 'noSuchStream' })
  await world.clock.advance(1_000)
  expect(world.streams.streamNamed(STREAM).state).toBe('ACTIVE')
  await expect(world.streams.accept(STREAM, payloads('a'))).resolves.toMatchObject({ acceptedCount: 1 })
})

test('a stream that was CREATING when the process died is ACTIVE after the next start', async () => {
  const world = await DeliveryWorld.open()
  await world.streams.create(STREAM, destinationWith({ prefix: 'p/' }), { team: 'web' })
  const before = world.streams.streamNamed(STREAM)
  world.crash()
  await world.reopen()
  expect(world.streams.streamNamed(STREAM)).toEqual({ ...before, state: 'ACTIVE' })
})

test('a name is taken once', async () => {
  const world = await DeliveryWorld.open()
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => world.streams.create(STREAM, destinationWith(), {})))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await expect(world.streams.create(STREAM, destinationWith(), {})).rejects.toMatchObject({ code: 'streamExists' })
})

test('deleting discards what was not delivered, and the name can be used again', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await world.streams.accept(STREAM, payloads('discarded'))
  await world.streams.delete(STREAM)
  expect(world.streams.streamNamed(STREAM).state).toBe('DELETING')
  await world.clock.advance(1)
  expect(() => world.streams.streamNamed(STREAM)).toThrow('There is no delivery stream')
  await expect(world.streams.accept(STREAM, payloads('x'))).rejects.toMatchObject({ code: 'noSuchStream' })
  expect([...world.disk.names.keys()]).toEqual([])

  await world.createStream()
  await world.clock.advance(3_600_000)
  expect(world.bodies()).toEqual([])
})

test('deleting during a delivery lets that one object end, discards the rest, and leaves nothing that goes on', async () => {
  for (let turns = 0; turns < 60; turns++) {
    const world = await DeliveryWorld.open({ seed: turns })
    await world.createStream({ buffering: { bytesMax: 1, intervalMs: 60_000 } })
    for (const text of ['first', 'second', 'third']) await world.streams.accept(STREAM, payloads(text))
    for (let turn = 0; turn < turns; turn++) await undefined
    await world.streams.delete(STREAM)
    await world.clock.advance(1)
    const delivered = world.bodies()
    expect(['first', 'second', 'third'].slice(0, delivered.length)).toEqual(delivered)
    await world.clock.advance(3_600_000)
    expect(world.bodies()).toEqual(delivered)
    expect(world.clock.waiting).toBe(0)
    expect([...world.disk.names.keys()]).toEqual([])
  }
})

test('deleting a stream that waits for a missing bucket does not wait for it', async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 1, intervalMs: 60_000 } })
  await world.streams.accept(STREAM, payloads('stuck'))
  await world.clock.advance(600_000)
  await world.streams.delete(STREAM)
  await world.clock.advance(1)
  expect(world.streams.list({ limit: 10 }).streams).toEqual([])
  world.objects.buckets.add('lake')
  await world.clock.advance(3_600_000)
  expect(world.bodies()).toEqual([])
})

test('a deletion that a crash interrupted is finished at the next start', async () => {
  for (let turns = 0; turns < 60; turns++) {
    const world = await DeliveryWorld.open({ seed: turns })
    await world.createStream()
    await world.streams.accept(STREAM, payloads('a'))
    await world.streams.delete(STREAM)
    for (let turn = 0; turn < turns; turn++) await undefined
    world.crash()
    await world.reopen()
    expect(world.streams.list({ limit: 10 }).streams).toEqual([])
  }
})

test('a stream being created cannot be deleted or updated', async () => {
  const world = await DeliveryWorld.open()
  await world.streams.create(STREAM, destinationWith(), {})
  await expect(world.streams.delete(STREAM)).rejects.toMatchObject({ code: 'streamBusy' })
  await expect(world.streams.updateDestination(STREAM, '1', (current) => current)).rejects.toMatchObject({
    code: 'streamBusy',
  })
})

test('an update needs the present version and makes the next one', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  const update = (version: string, prefix: string) =>
    world.streams.updateDestination(STREAM, version, (current) => ({ ...current, prefix }))
  await update('1', 'a/')
  expect(world.streams.streamNamed(STREAM)).toMatchObject({ version: 2, updatedAtMs: world.clock.nowMs() })
  await expect(update('1', 'b/')).rejects.toMatchObject({
    code: 'staleVersion',
    fields: { name: STREAM, current: '2', specified: '1' },
  })
  const outcomes = await Promise.allSettled([update('2', 'c/'), update('2', 'd/')])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  await world.restart()
  expect(world.streams.streamNamed(STREAM)).toMatchObject({ version: 3, destination: { prefix: 'c/' } })
})

test('a role that does not exist is refused at creation and at update', async () => {
  const world = await DeliveryWorld.open()
  world.roles = (arn) => !arn.endsWith('nobody')
  const nobody = 'arn:aws:iam::000000000000:role/nobody'
  await expect(world.streams.create(STREAM, destinationWith({ roleArn: nobody }), {})).rejects.toMatchObject({
    code: 'roleNotAssumable',
    fields: { roleArn: nobody },
  })
  await world.createStream()
  const update = world.streams.updateDestination(STREAM, '1', (current) => ({ ...current, roleArn: nobody }))
  await expect(update).rejects.toMatchObject({ code: 'roleNotAssumable' })
})

test('a destination that could not be delivered to is refused at creation', async () => {
  const world = await DeliveryWorld.open()
  for (const bad of [{ prefix: '!{timestamp:yyyy}' }, { timeZone: 'EST' }, { prefix: 'p'.repeat(600) }])
    await expect(world.streams.create(STREAM, destinationWith(bad), {})).rejects.toMatchObject({
      code: 'invalidDestination',
    })
})

test('streams are listed by name, page by page', async () => {
  const world = await DeliveryWorld.open()
  for (const name of ['b', 'a', 'c']) await world.streams.create(name, destinationWith(), {})
  const names = (page: { after?: string; limit: number }) => {
    const { streams, hasMore } = world.streams.list(page)
    return [streams.map(({ name }) => name).join(''), hasMore]
  }
  expect(names({ limit: 2 })).toEqual(['ab', true])
  expect(names({ after: 'b', limit: 2 })).toEqual(['c', false])
  expect(names({ limit: 3 })).toEqual(['abc', false])
})

test('tags are merged, removed, bounded and kept', async () => {
  const world = await DeliveryWorld.open()
  await world.streams.create(STREAM, destinationWith(), { a: '1', b: '2' })
  await world.streams.tag(STREAM, { b: '3', c: '' })
  await world.streams.untag(STREAM, ['a', 'unknown'])
  expect(world.streams.streamNamed(STREAM).tags).toEqual({ b: '3', c: '' })
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']))
  await expect(world.streams.tag(STREAM, many(49))).rejects.toMatchObject({ code: 'tooManyTags' })
  await world.streams.tag(STREAM, many(48))
  world.crash()
  await world.reopen()
  expect(Object.keys(world.streams.streamNamed(STREAM).tags)).toHaveLength(50)
})

test('a journal that belongs to no stream is told of and left alone', async () => {
  const warnings: string[] = []
  const world = await DeliveryWorld.open()
  const files = world.disk.fileSystem()
  await files.makeDirectory('/lake/journal/stranger')
  world.log = { ...world.log, warn: (event) => warnings.push(event) }
  await world.restart()
  expect(warnings).toEqual(['JournalWithoutStream'])
  expect(world.disk.folders.has('/lake/journal/stranger')).toBe(true)
})
