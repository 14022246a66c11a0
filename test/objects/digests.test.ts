import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestsOf, RunningDigests } from '../../src/objects/digests.ts'
import type { ChecksumAlgorithm } from '../../src/objects/object-store.ts'

/** Of `test data`: from coreutils, and from xxHash's own program. */
const KNOWN: Readonly<Record<ChecksumAlgorithm, string>> = {
  CRC32: '0wiusg==',
  CRC32C: 'M3m0yg==',
  CRC64NVME: 'rsrzr5yYqFU=',
  MD5: '63M6AMDJ0zbmVpGjerVCkw==',
  SHA1: '9I3YU4IIYIFsddVND1hNyGMyenw=',
  SHA256: 'kW8AJ6V1B0znKjMXd8NHjWUT94alkb2JLaGld78jNfk=',
  SHA512: 'Dh4h7PEF7IU9JNcohnrXBhPCFmOkaTB0sqNhnBvTnWa1iMM3I7tGbHJCToDjymPCSQeKs0e6uUKFAOfuQwWdDQ==',
  XXHASH64: '+lb36/ER8bo=',
  XXHASH3: 'jw+pSh/pbMQ=',
  XXHASH128: '8BLDqqIWji+ITOsp/JjN/Q==',
}
const ALGORITHMS = Object.keys(KNOWN) as ChecksumAlgorithm[]

test.each(Object.entries(KNOWN))('%s of known bytes is the known one', (algorithm, value) => {
  const { md5, checksums } = digestsOf(Buffer.from('test data'), [algorithm as ChecksumAlgorithm])
  expect(checksums).toEqual({ [algorithm]: value })
  expect(md5).toBe('eb733a00c0c9d336e65691a37ab54293')
})

test('a digest is the same however its bytes are cut, and while another runs in between', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 })
  fc.assert(
    fc.property(pieces, pieces, (some, others) => {
      const first = new RunningDigests(ALGORITHMS)
      const second = new RunningDigests(ALGORITHMS)
      for (let index = 0; index < Math.max(some.length, others.length); index++) {
        first.update(some[index] ?? new Uint8Array())
        second.update(others[index] ?? new Uint8Array())
      }
      expect(first.finish()).toEqual(digestsOf(Buffer.concat(some), ALGORITHMS))
      expect(second.finish()).toEqual(digestsOf(Buffer.concat(others), ALGORITHMS))
    }),
  )
})
