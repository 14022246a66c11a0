import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checkPrefixes,
  evaluatePrefix,
  missingPartitionKey,
  parsePrefix,
  partitionKeysIn,
} from '../../../src/delivery/prefix/prefix-expression.ts'
import { zonedDate } from '../../../src/delivery/prefix/zoned-date.ts'
import { Ids } from '../../../src/platform/ids.ts'
import { seededRandom } from '../../../src/platform/random.ts'

const values = {
  date: zonedDate(Date.UTC(2026, 6, 3, 4, 5, 6), 'UTC'),
  ids: new Ids(seededRandom(1)),
  errorOutputType: 'processing-failed',
  partitionKeys: { fromQuery: { customer: 'c 1/é', empty: '' }, fromLambda: { customer: 'c2' } },
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
  ['c=!{partitionKeyFromQuery:customer}/!{partitionKeyFromLambda:customer}/', 'c=c 1/é/c2/'],
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

const NO_ERROR_PREFIX = 'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions'
const NEEDS_PARTITIONING =
  'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.'
const MISUSED = 'Invalid expression usage'
const UNKNOWN_VALUE = 'Invalid conversion character used in the value of the expression in Prefix'

/** [Prefix, ErrorOutputPrefix, what follows AWS's lead-in; undefined: accepted] */
const checked: [string | undefined, string | undefined, string | undefined][] = [
  [undefined, undefined, undefined],
  ['plain', undefined, undefined],
  ['plain', 'errors/', undefined],
  ['!{timestamp:yyyy}/', 'error', undefined],
  ['!{timestamp:yyyy}/', 'e/!{firehose:error-output-type}/!{timestamp:dd}/', undefined],
  ['!{timestamp:yyyy}/', undefined, NO_ERROR_PREFIX],
  ['!{firehose:random-string}', '', NO_ERROR_PREFIX],
  ['!{firehose:error-output-type}', 'e', 'Prefix must not contain any occurrence of !{firehose:error-output-type}'],
  [
    'a',
    'e/!{timestamp:yyyy}/',
    'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
  ],
  ['!{timestamp:yyyy', 'e', MISUSED],
  ['!{timestamp}', 'e', MISUSED],
  ['!{}', 'e', MISUSED],
  ['!{:yyyy}', 'e', MISUSED],
  ['!{timestamp:!{timestamp:yyyy}}', 'e', MISUSED],
  ['!{timestamp:}', 'e', 'Expression !{timestamp:} in Prefix has no value.'],
  ['!{weather:sunny}', 'e', 'Namespace to the left of colon (weather) is an invalid keyword!'],
  ['!{constructor:name}', 'e', 'Namespace to the left of colon (constructor) is an invalid keyword!'],
  ['!{firehose:moon}', 'e', UNKNOWN_VALUE],
  ['!{firehose:constructor}', 'e', UNKNOWN_VALUE],
  ['!{timestamp:yyyy-bb}', 'e', UNKNOWN_VALUE],
  ['a', 'e/!{firehose:moon}', 'Invalid conversion character used in the value of the expression in ErrorOutputPrefix'],
  ['k=!{partitionKeyFromQuery:k}/', 'e', NEEDS_PARTITIONING],
  ['k=!{partitionKeyFromLambda:k}/', 'e', NEEDS_PARTITIONING],
]

/** The same for a stream with dynamic partitioning. */
const partitioned: typeof checked = [
  ['k=!{partitionKeyFromQuery:k}/!{partitionKeyFromLambda:k}/', 'e', undefined],
  ['k=!{partitionKeyFromQuery:k}/', undefined, NO_ERROR_PREFIX],
  ['k=!{partitionKeyFromQuery:}/', 'e', 'Expression !{partitionKeyFromQuery:} in Prefix has no value.'],
  [
    'k=!{partitionKeyFromQuery:k}/',
    'e/!{partitionKeyFromQuery:k}/!{firehose:error-output-type}',
    "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
  ],
]

for (const [stream, cases] of [
  ['plain', checked],
  ['partitioned', partitioned],
] as const)
  for (const [prefix, errorOutputPrefix, reason] of cases) {
    const outcome = reason === undefined ? 'taken' : 'refused in the words of AWS'
    test(`${stream}: prefix ${prefix} with error prefix ${errorOutputPrefix} is ${outcome}`, () => {
      const check = () => checkPrefixes(prefix, errorOutputPrefix, stream)
      if (reason === undefined) return expect(check).not.toThrow()
      return expect(check).toThrow(
        expect.objectContaining({
          code: 'invalidDestination',
          message: `Ths supplied prefix(es) do not satisfy the following constraint: ${reason}`,
        }),
      )
    })
  }

test('the keys that a prefix names are told, and the first one that a record has no value for', () => {
  const prefix = parsePrefix('!{partitionKeyFromLambda:a}-!{timestamp:yyyy}-!{partitionKeyFromQuery:b}')
  expect(partitionKeysIn(prefix).map(({ from, name }) => `${from} ${name}`)).toEqual(['fromLambda a', 'fromQuery b'])
  const missing = (keys: Parameters<typeof missingPartitionKey>[1]) => missingPartitionKey(prefix, keys)?.name
  expect(missing({ fromLambda: { a: '1' }, fromQuery: { b: '2' } })).toBe(undefined)
  expect(missing({ fromLambda: { a: '1' }, fromQuery: { b: '' } })).toBe('b')
  expect(missing({ fromQuery: { a: '1', b: '2' } })).toBe('a')
  expect(missing(undefined)).toBe('a')
  expect(missingPartitionKey(parsePrefix('!{partitionKeyFromQuery:toString}'), { fromQuery: {} })?.name).toBe(
    'toString',
  )
})

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
  const pieces = fc.constantFrom(
    ...['!{', '}', 'timestamp:', 'firehose:', 'random-string', 'partitionKeyFromQuery:', 'yyyy', "'", 'x', '/', ':'],
  )
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
