import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPrefixes, evaluatePrefix, parsePrefix } from '../../../src/delivery/prefix/prefix-expression.ts'
import { zonedDate } from '../../../src/delivery/prefix/zoned-date.ts'
import { Ids } from '../../../src/platform/ids.ts'
import { seededRandom } from '../../../src/platform/random.ts'

const values = {
  date: zonedDate(Date.UTC(2026, 6, 3, 4, 5, 6), 'UTC'),
  ids: new Ids(seededRandom(1)),
  errorOutputType: 'processing-failed',
}

const evaluated: [string, string][] = [
  ['', ''],
  ['plain/', 'plain/'],
  ['a!b{c}$', 'a!b{c}$'],
  ['data/dt=!{timestamp:yyyy-MM-dd}', 'data/dt=2026-07-03'],
  ['!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/', '2026-07-03/'],
  ["!{timestamp:'year='yyyy'/month='MM}/", 'year=2026/month=07/'],
  ['!{timestamp:HH:mm}/', '04:05/'],
  ['e/!{firehose:error-output-type}/x', 'e/processing-failed/x'],
]

for (const [text, result] of evaluated) {
  test(`${text || 'the empty prefix'} means ${result || 'nothing'}`, () => {
    expect(evaluatePrefix(parsePrefix(text), values)).toBe(result)
  })
}

test('a random string has eleven letters and digits and is fresh at every occurrence', () => {
  const text = evaluatePrefix(parsePrefix('!{firehose:random-string}/!{firehose:random-string}'), values)
  expect(text).toMatch(/^[A-Za-z0-9]{11}\/[A-Za-z0-9]{11}$/)
  const [one, two] = text.split('/')
  expect(one).not.toBe(two)
})

const LEAD_IN = 'Ths supplied prefix(es) do not satisfy the following constraint: '

/** [Prefix, ErrorOutputPrefix, what follows AWS's lead-in; undefined: accepted] */
const checked: [string | undefined, string | undefined, string | undefined][] = [
  [undefined, undefined, undefined],
  ['plain', undefined, undefined],
  ['plain', 'errors/', undefined],
  ['!{timestamp:yyyy}/', 'error', undefined],
  ['!{timestamp:yyyy}/', 'e/!{firehose:error-output-type}/!{timestamp:dd}/', undefined],
  ['!{timestamp:yyyy}/', undefined, 'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions'],
  ['!{firehose:random-string}', '', 'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions'],
  ['!{firehose:error-output-type}', 'e', 'Prefix cannot contain'],
  ['a', 'e/!{timestamp:yyyy}/', 'ErrorOutputPrefix must contain the expression !{firehose:error-output-type}'],
  ['!{timestamp:yyyy', 'e', 'Expression !{timestamp:yyyy is not closed.'],
  ['!{timestamp:}', 'e', 'Expression !{timestamp:} has no value.'],
  ['!{timestamp}', 'e', 'Expression !{timestamp} has no value.'],
  ['!{}', 'e', 'Expression !{} has no value.'],
  ['!{weather:sunny}', 'e', 'Expression !{weather:sunny} is not supported.'],
  ['!{firehose:moon}', 'e', 'Expression !{firehose:moon} is not supported.'],
  ['!{timestamp:!{timestamp:yyyy}}', 'e', 'is nested in another one'],
  ['!{timestamp:yyyy-bb}', 'e', 'is not a valid timestamp pattern: Unknown pattern letter: b'],
  [
    'k=!{partitionKeyFromQuery:k}/',
    'e',
    'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
  ],
  ['k=!{partitionKeyFromLambda:k}/', 'e', 'Dynamic Partitioning Namespaces can only be part'],
]

for (const [prefix, errorOutputPrefix, reason] of checked) {
  test(`prefix ${prefix} with error prefix ${errorOutputPrefix} is ${reason === undefined ? 'taken' : 'refused'}`, () => {
    const check = () => checkPrefixes(prefix, errorOutputPrefix)
    if (reason === undefined) return expect(check).not.toThrow()
    expect(check).toThrow(LEAD_IN)
    return expect(check).toThrow(reason)
  })
}

test('text without expressions is its own value', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('!{')),
      (text) => {
        const expression = parsePrefix(text)
        expect(expression.hasExpressions).toBe(false)
        expect(evaluatePrefix(expression, values)).toBe(text)
      },
    ),
  )
})

test('whatever is written, a prefix is read or refused, and a read one can be evaluated', () => {
  const pieces = fc.constantFrom('!{', '}', 'timestamp:', 'firehose:', 'random-string', 'yyyy', "'", 'x', '/', ':')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      try {
        expect(typeof evaluatePrefix(parsePrefix(parts.join('')), values)).toBe('string')
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalidDestination' })
      }
    }),
    { numRuns: 2_000 },
  )
})
