import { cbor } from '@smithy/core/cbor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MalformedCbor, readCbor } from '../../../src/wire/rpc-v2-cbor/read.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** RFC 8949, appendix A, as far as the protocol uses it. */
const examples: [string, unknown][] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1bffffffffffffffff', 18446744073709551615n],
  ['c249010000000000000000', 18446744073709551616n],
  ['3bffffffffffffffff', -18446744073709551616n],
  ['c349010000000000000000', -18446744073709551617n],
  ['20', -1],
  ['3903e7', -1000],
  ['f90000', 0],
  ['f93c00', 1],
  ['fb3ff199999999999a', 1.1],
  ['f97bff', 65504],
  ['fa7f7fffff', 3.4028234663852886e38],
  ['f90001', 2 ** -24],
  ['f9c400', -4],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['fb7ff0000000000000', Number.POSITIVE_INFINITY],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', null],
  ['c11a514b67b0', new Date('2013-03-21T20:04:00Z')],
  ['c1fb41d452d9ec200000', new Date('2013-03-21T20:04:00.500Z')],
  ['4401020304', Buffer.from([1, 2, 3, 4])],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
  ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
]

test.each(examples)('%s is read as RFC 8949 says', (bytes, expected) => {
  const value = readCbor(hex(bytes))
  expect(value).toEqual(typeof expected === 'object' && expected?.constructor === Object ? { ...expected } : expected)
})

test.each([
  ['nothing', ''],
  ['a length past the end', '5a7fffffff00'],
  ['a list that is longer than its bytes', '9b0000ffffffffffff'],
  ['a map that is longer than its bytes', 'bb0000ffffffffffff'],
  ['a length that no number holds', '5bffffffffffffffff'],
  ['two values', '0000'],
  ['a list without its end', '9f01'],
  ['a key that is no text', 'a10102'],
  ['text that is not UTF-8', '61ff'],
  ['a piece of another kind', '7f4101ff'],
  ['an unknown simple value', 'f8ff'],
  ['an end where nothing began', 'ff'],
  ['an instant that is text', 'c16161'],
  ['an instant that never is', 'c1f97c00'],
  ['deep nesting', `${'81'.repeat(65)}00`],
])('%s is refused', (_what, bytes) => {
  expect(() => readCbor(hex(bytes))).toThrow(MalformedCbor)
})

test('nesting to the bound is read', () => {
  expect(readCbor(hex(`${'81'.repeat(64)}00`))).toBeInstanceOf(Array)
})

test('a key that is special to JavaScript is a key like any other', () => {
  const value = readCbor(hex('a1695f5f70726f746f5f5fa1616101')) as Record<string, unknown>
  expect(Object.keys(value)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['a']).toBeUndefined()
})

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.maxSafeInteger(),
    fc.double({ noDefaultInfinity: true, noNaN: true }).filter((value) => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
})).value

test("whatever AWS's client writes is read as it was", () => {
  fc.assert(
    fc.property(plain, (value) => {
      const read = readCbor(cbor.serialize(value) as Uint8Array)
      expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('bytes of any sort are read or refused, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        readCbor(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedCbor)
      }
    }),
    { numRuns: 2000 },
  )
})
