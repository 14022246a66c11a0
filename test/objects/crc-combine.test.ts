import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combineCrcs } from '../../src/objects/crc-combine.ts'
import { digestsOf } from '../../src/objects/digests.ts'

test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
  'the %s of a whole is made from those of its parts',
  (algorithm) => {
    const crc = (bytes: Uint8Array) => digestsOf(bytes, [algorithm]).checksums[algorithm] as string
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 6 }), (parts) => {
        const combined = combineCrcs(
          algorithm,
          parts.map((part) => ({ value: crc(part), size: part.byteLength })),
        )
        expect(combined).toBe(crc(Buffer.concat(parts)))
      }),
    )
  },
)

test('checksums that cannot be combined are not', () => {
  expect(combineCrcs('SHA256', [])).toBeUndefined()
})
