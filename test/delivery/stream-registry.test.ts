import { expect, test } from 'vitest'
import { unencrypted } from '../../src/delivery/encryption.ts'
import { type StreamDescription, StreamRegistry } from '../../src/delivery/stream-registry.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { destinationWith } from '../simulation/delivery-world.ts'

test('a stream reads back as it was written, in the order of names', async () => {
  const registry = new StreamRegistry(new MetadataDatabase(':memory:'))
  const full = stream('b', { destination: destinationWith({ prefix: 'p/', switchedOff: { X: { Enabled: false } } }) })
  await Promise.all([registry.add(full), registry.add(stream('a'))])
  const [first, second] = registry.streams()
  expect(first?.name).toBe('a')
  expect(second).toEqual(full)
})

test('a change is made in one step, or not at all', async () => {
  const registry = new StreamRegistry(new MetadataDatabase(':memory:'))
  await registry.add(stream('a'))
  const grow = () => registry.change('a', (current) => ({ ...current, version: current.version + 1 }))
  await Promise.all([grow(), grow(), grow()])
  await expect(
    registry.change('a', () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(registry.streams()[0]?.version).toBe(4)
  await expect(registry.change('b', (current) => current)).rejects.toMatchObject({ code: 'noSuchStream' })
})

test('there may be 5,000 streams, and not one more', async () => {
  const registry = new StreamRegistry(new MetadataDatabase(':memory:'))
  await Promise.all(Array.from({ length: 5_000 }, (_, index) => registry.add(stream(`s${index}`))))
  await expect(registry.add(stream('one-more'))).rejects.toMatchObject({ code: 'tooManyStreams' })
  await registry.remove('id-s7')
  await registry.add(stream('one-more'))
})

function stream(name: string, part: Partial<StreamDescription> = {}): StreamDescription {
  return {
    name,
    id: `id-${name}`,
    state: 'ACTIVE',
    version: 1,
    createdAtMs: 1,
    updatedAtMs: undefined,
    destination: destinationWith(),
    encryption: unencrypted,
    tags: {},
    ...part,
  }
}
