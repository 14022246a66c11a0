/** Any code point but halves of surrogate pairs: fast-check's own unit of strings, 'binary', takes a second to be made. */
import fc from 'fast-check'

const BELOW_SURROGATES = 0xd800
const ABOVE_SURROGATES = 0xe000
const END = 0x110000

export const codePoint: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: END - 1 - (ABOVE_SURROGATES - BELOW_SURROGATES) })
  .map((rank) => String.fromCodePoint(rank < BELOW_SURROGATES ? rank : rank + ABOVE_SURROGATES - BELOW_SURROGATES))
