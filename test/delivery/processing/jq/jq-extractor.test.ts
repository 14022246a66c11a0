import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { JqExtractor } from '../../../../src/delivery/processing/jq/jq-extractor.ts'
import type { StreamRecord } from '../../../../src/delivery/processing/record.ts'
import { systemClock } from '../../../../src/platform/clock.ts'

const NOT_JSON = 'Non JSON record provided'
const EMPTY = 'partitionKeys values must not be null or empty'
const jqError = (text: string) => `JQ Subprocess failed due to: jq: error (at <stdin>:0): ${text}`

const extractor = new JqExtractor({ clock: systemClock, recordMsMax: 20_000 })
/** For queries without an end: nothing else comes near its patience. */
const impatient = new JqExtractor({ clock: systemClock, recordMsMax: 400 })
afterAll(() => Promise.all([extractor.close(), impatient.close()]))

const never = new AbortController().signal

function record(text: string | Uint8Array): StreamRecord {
  const data = Buffer.from(text as string)
  return { data, source: { data, arrivalMs: 1_700_000_000_123 } }
}

/** Keys, or the failure's text, of each record in order. */
async function outcomes(query: string, texts: readonly (string | Uint8Array)[], by = extractor): Promise<unknown[]> {
  const records = texts.map(record)
  const { records: extracted, failed } = await by
    .extractMetadata({ kind: 'extractMetadata', query })
    .process(records, never)
  const rest = [...failed]
  return records.map((one) => {
    const found = extracted.find(({ source }) => source === one.source)
    return found === undefined ? rest.shift()?.entry.errorMessage : found.partitionKeys?.fromQuery
  })
}

async function outcome(query: string, text: string | Uint8Array): Promise<unknown> {
  return (await outcomes(query, [text]))[0]
}

/** The record of AWS's guide to dynamic partitioning. */
const DOCUMENTED = JSON.stringify({
  type: { device: 'mobile', event: 'user_clicked_submit_button' },
  customer_id: '1234567890',
  event_timestamp: 1_565_382_027,
  region: 'sample_region',
})

const CASES: readonly (readonly [what: string, query: string, record: string | Uint8Array, found: unknown])[] = [
  [
    "the guide's example: a member, a nested one, parts of a time",
    '{customer_id:.customer_id,device:.type.device,year:.event_timestamp|strftime("%Y"),month:.event_timestamp|strftime("%m"),day:.event_timestamp|strftime("%d"),hour:.event_timestamp|strftime("%H")}',
    DOCUMENTED,
    { customer_id: '1234567890', device: 'mobile', year: '2019', month: '08', day: '09', hour: '20' },
  ],
  ['a date in one key', '{day:.event_timestamp|strftime("%Y/%m/%d")}', DOCUMENTED, { day: '2019/08/09' }],
  ['milliseconds, divided', '{year:(.ms/1000|strftime("%Y"))}', '{"ms":1565382027123}', { year: '2019' }],
  ['todate', '{at:.t|todate}', '{"t":1425599621}', { at: '2015-03-05T23:53:41Z' }],
  ['fromdate', '{at:(.t|fromdate|tostring)}', '{"t":"2015-03-05T23:51:47Z"}', { at: '1425599507' }],
  [
    'strptime with names of days',
    '{at:(.t|strptime("%A, %B %d, %Y")|mktime)}',
    '{"t":"Thursday, March 05, 2015"}',
    { at: '1425513600' },
  ],
  ['times after 2038', '{at:(.t|todate)}', '{"t":4102444800}', { at: '2100-01-01T00:00:00Z' }],
  ['dates after 2038', '{at:(.t|fromdate)}', '{"t":"2100-01-01T00:00:00Z"}', { at: '4102444800' }],
  ['tostring', '{id:.id|tostring}', '{"id":17}', { id: '17' }],
  [
    'numbers as jq prints them',
    '{a:.a,b:.b,c:.c}',
    '{"a":1.50,"b":-0.25,"c":1e3}',
    { a: '1.5', b: '-0.25', c: '1000' },
  ],
  ['booleans', '{t:.t,f:.f}', '{"t":true,"f":false}', { t: 'true', f: 'false' }],
  ['if', '{k:(if .n > 9 then "many" else "few" end)}', '{"n":10}', { k: 'many' }],
  ['a default for what is missing', '{k:(.k // "none")}', '{}', { k: 'none' }],
  ['text around a value', '{s:.SECTOR|"sector=\\(.)"}', '{"SECTOR":"TECH"}', { s: 'sector=TECH' }],
  ['keys in quotes, shorthand, comments', '{"a b":.x, y} # both', '{"x":"1","y":"2"}', { 'a b': '1', y: '2' }],
  ['keys and values beyond ASCII', '{"schlüssel":.["名"]}', '{"名":"値 😀"}', { schlüssel: '値 😀' }],
  ['escapes', '{k:.k}', '{"k":"a\\"\\\\\\n\\u00e9"}', { k: 'a"\\\né' }],
  ['a key called __proto__', '{"__proto__":.k}', '{"k":"v"}', Object.fromEntries([['__proto__', 'v']])],
  ['functions of its own', 'def last: .[-1]; {k:(.l|last)}', '{"l":[1,2,3]}', { k: '3' }],
  ['bindings', '.a as $x | {k:$x, l:.b}', '{"a":1,"b":2}', { k: '1', l: '2' }],
  ['a document over many lines', '{k:.k}', '{\n  "k": [\n    1\n  ],\n  "k":\n"v"}\n', { k: 'v' }],
  ['integers past 2^53, as JQ-1.6 has them', '{k:.k}', '{"k":9007199254740993}', { k: '9007199254740992' }],
  ['an environment that is empty', '{k:($ENV|length), l:(env|length)}', '{}', { k: '0', l: '0' }],
  ['the name of its input', '{k:input_filename}', '{}', { k: '<stdin>' }],
  ['input_line_number', '{k:input_line_number}', '{}', { k: '0' }],
  ['debug', '{k:(.k|debug)}', '{"k":1}', { k: '1' }],

  ['a missing member', '{k:.k}', '{}', EMPTY],
  ['null', '{k:.k}', '{"k":null}', EMPTY],
  ['an empty text', '{a:.a,k:.k}', '{"a":1,"k":""}', EMPTY],
  ['not a number', '{k:(nan)}', '{}', EMPTY],
  ['a nested object', '{k:.k}', '{"k":{"a":1}}', EMPTY],
  ['a list', '{k:.k,l:1}', '{"k":[1]}', EMPTY],
  ['no keys', '{}', '{}', EMPTY],
  ['no result', '{k:.k}|select(.k == "x")', '{"k":"y"}', EMPTY],
  ['two results', '{k:.k[]}', '{"k":[1,2]}', 'The query gives more than one result'],
  ['many results', '{k:range(9000)}', '{}', 'The query gives more than one result'],
  ['a result and an error', '{k:(1, error("late"))}', '{}', jqError('late')],
  ['endless results', '{k:repeat(1)}', '{}', 'The query gives more than one result'],
  ['a result that is no object', '.k', '{"k":"v"}', 'The query gives no JSON object but "v"'],
  ['an error of jq', '{k:.k.l}', '{"k":1}', jqError('Cannot index number with string "l"')],
  ['a record that is a number', '{k:.k}', '12', jqError('Cannot index number with string "k"')],
  ['an error of the query', '{k:error("bad \\(.k)")}', '{"k":1}', jqError('bad 1')],
  [
    'an error that is no text',
    '{k:error({a:1})}',
    '{}',
    'JQ Subprocess failed due to: jq: error (at <stdin>:0) (not a string): {"a":1}',
  ],
  ['input, as there is none', '{k:input}', '{}', jqError('No more inputs')],
  ['inputs', '{k:inputs}', '{}', EMPTY],
  ['halt_error', '{k:("bye"|halt_error)}', '{}', 'JQ Subprocess failed due to: bye'],
  ['halt', '{k:halt}', '{}', EMPTY],
  ['text', '{k:.k}', 'hello', NOT_JSON],
  ['nothing', '{k:.k}', '', NOT_JSON],
  ['half a document', '{k:.k}', '{"k":"v"', NOT_JSON],
  ['two documents', '{k:.k}', '{"k":1}{"k":2}', NOT_JSON],
  ['two documents on two lines', '{k:.k}', '{"k":1}\n{"k":2}', NOT_JSON],
  ['bytes that are not UTF-8', '{k:.k}', new Uint8Array([0x22, 0xff, 0x22]), NOT_JSON],
  ['a byte order mark', '{k:.k}', '\ufeff{"k":1}', NOT_JSON],
  [
    'nesting past what jq reads',
    '{k:.k}',
    `{"k":${'['.repeat(255)}${']'.repeat(255)}}`,
    'JQ Subprocess failed due to: parse error: Exceeds depth limit for parsing',
  ],
  ['nesting up to what jq reads', '{k:(.k|length)}', `{"k":${'['.repeat(254)}${']'.repeat(254)}}`, { k: '1' }],
]

describe('metadata extraction', () => {
  test.concurrent.each(CASES)('%s: %s', async (_, query, text, found) => {
    expect(await outcome(query, text)).toEqual(found)
  })

  test('a query that wants more memory than there is fails its record alone', async () => {
    const { records, failed } = await extractor
      .extractMetadata({ kind: 'extractMetadata', query: '{k:(if .k == 2 then (def f: 1 + f; f) else .k end)}' })
      .process([record('{"k":1}'), record('{"k":2}'), record('{"k":3}')], never)
    expect(records.map(({ partitionKeys }) => partitionKeys?.fromQuery?.k)).toEqual(['1', '3'])
    expect(failed.map(({ entry }) => entry.errorMessage)).toEqual([expect.stringContaining('cannot allocate memory')])
  })

  test('a failed record tells its folder, its time of arrival, its code and its bytes', async () => {
    const { failed } = await extractor
      .extractMetadata({ kind: 'extractMetadata', query: '{k:.k}' })
      .process([record('hello')], never)
    expect(failed).toEqual([
      {
        outputType: 'metadata-extraction-failed',
        entry: {
          attemptsMade: 1,
          arrivalTimestamp: 1_700_000_000_123,
          errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
          errorMessage: NOT_JSON,
          attemptEndingTimestamp: expect.any(Number),
          rawData: 'aGVsbG8=',
        },
      },
    ])
  })

  test('keys from a Lambda function stay beside those of the query', async () => {
    const { records } = await extractor
      .extractMetadata({ kind: 'extractMetadata', query: '{k:.k}' })
      .process([{ ...record('{"k":1}'), partitionKeys: { fromLambda: { l: 'x' } } }], never)
    expect(records[0]?.partitionKeys).toEqual({ fromQuery: { k: '1' }, fromLambda: { l: 'x' } })
  })

  test('a record of 1,024,000 bytes is read like any other', async () => {
    const text = JSON.stringify({ pad: 'x'.repeat(1_023_982), k: 'v' })
    expect(text.length).toBe(1_024_000)
    expect(await outcome('{k:.k, n:(.pad|length)}', text)).toEqual({ k: 'v', n: '1023982' })
  })

  test('records of every size around the one that jq reads at once are answered', async () => {
    const sizes = Array.from({ length: 40 }, (_, index) => 1_005 + index)
    const texts = [...sizes, ...sizes.map((size) => size + 1_024), ...sizes.map((size) => size + 3_072)].map(
      (size, index) => `{"k":"${String(index).padStart(4)}"}`.padEnd(size),
    )
    const query = '. as $record|{k:$record.k}'
    expect(await outcomes(query, texts)).toEqual(texts.map((_, index) => ({ k: String(index).padStart(4) })))
  })

  test('an endless query fails the record that it is endless for, and no other', async () => {
    const query = '{k:(if .k == "loop" then (def f: f; f) else .k end)}'
    const failure = 'JQ Subprocess failed due to: no end within 400 ms'
    expect(await outcomes(query, ['{"k":1}', 'x', '{"k":2}', '{"k":"loop"}', '{"k":3}'], impatient)).toEqual([
      { k: '1' },
      NOT_JSON,
      { k: '2' },
      failure,
      { k: '3' },
    ])
  })

  /**
   * A known defect, its cause not found: now and then this build of jq prints other bytes than halt_error was given (a
   * native jq 1.6 does not). The record fails all the same, and no other does.
   */
  const withoutLastWords = (told: unknown) =>
    typeof told === 'string' && told.startsWith('JQ Subprocess failed due to: ') ? 'JQ Subprocess failed' : told

  test('a query that halts fails the record that it halts at, and no other', async () => {
    const query = '{a:(.a|if . == "halt" then ("stop"|halt_error) else . end), b:(.b // "none")}'
    const others = ['{"a":"^9","b":null}', '{"a":"","b":1e400}', '{"a":"","b":""}', '{"a":-0,"b":1e400}']
    for (let count = 0; count <= others.length; count++) {
      const told = await outcomes(query, [...others.slice(0, count), '{"a":"halt","b":1e400}', '{"a":1,"b":2}'])
      expect(told.slice(count)).toEqual([expect.stringMatching(/^JQ Subprocess failed due to: /), { a: '1', b: '2' }])
    }
  })

  test('a batch comes to the same as its records one by one', async () => {
    const query = '{a:(.a|if . == "halt" then ("stop"|halt_error) else . end), b:(.b // "none")}'
    const member = fc.oneof(
      fc.constantFrom('"x"', '"halt"', '""', 'null', '1.50', '[1]', '{}', '"é\\n"', 'nope', '1e400', '-0'),
      fc.string().map((text) => JSON.stringify(text)),
    )
    const text = fc.oneof(
      fc.tuple(member, member).map(([a, b]) => `{"a":${a},"b":${b}}`),
      fc.constantFrom('', '1 2', '"text"', '[{"a":1}]', '{"b":1,"b":2}'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 12 }), async (texts) => {
        const alone: unknown[] = []
        for (const one of texts) alone.push(withoutLastWords(await outcome(query, one)))
        expect((await outcomes(query, texts)).map(withoutLastWords)).toEqual(alone)
      }),
      { numRuns: 6 },
    )
  })

  test('batch after batch, of two queries in turn, comes back whole', async () => {
    for (let round = 0; round < 4; round++) {
      const texts = Array.from({ length: 1_500 }, (_, index) => `{"k":${round * 10_000 + index}}`)
      const [first, second] = await Promise.all([outcomes('{k:.k}', texts), outcomes('{l:.k}', texts.slice(0, 10))])
      expect(first[1_499]).toEqual({ k: String(round * 10_000 + 1_499) })
      expect(second).toHaveLength(10)
    }
  })

  test('an aborted batch rejects with the reason, and the threads go on', async () => {
    const ended = new AbortController()
    const query = '{k:(if .k == "loop" then (def f: f; f) else .k end)}'
    const batch = impatient
      .extractMetadata({ kind: 'extractMetadata', query })
      .process([record('{"k":"loop"}')], ended.signal)
    ended.abort(new Error('the lake shuts down'))
    await expect(batch).rejects.toThrow('the lake shuts down')
    expect(await outcomes('{k:.k}', ['{"k":1}'], impatient)).toEqual([{ k: '1' }])
  })

  test('a batch of nothing needs no thread', async () => {
    const unused = new JqExtractor({ clock: systemClock })
    const nothing = await unused.extractMetadata({ kind: 'extractMetadata', query: '{k:.k}' }).process([], never)
    expect(nothing).toEqual({ records: [], failed: [] })
    await unused.close()
  })
})

describe('the check of a query', () => {
  test.each(['{k:.k}', '{k:.a|strftime("%Y")}', 'def f: .k; {k:f} # why'])('%s compiles', async (query) => {
    await expect(extractor.checkQuery(query)).resolves.toBeUndefined()
  })

  test.each([
    // The text of AWS for this very query begins so, but for the break of the line.
    ['{dataType:if has("metric") then "metric" else "report" end}', 'jq: error: syntax error, unexpected if'],
    ['{k:.k', "jq: error: syntax error, unexpected $end, expecting '}'"],
    ['{k:nosuch}', 'jq: error: nosuch/0 is not defined at <top-level>, line 1:'],
    // Newer than JQ-1.6, so AWS has not got it either.
    ['{k:(.k|abs)}', 'jq: error: abs/0 is not defined'],
    ['{k:_partition_keys}', 'jq: error: _partition_keys/0 is not defined'],
    ['import "a" as a; {k:a::f}', 'jq: error: module not found: a'],
    ['module {}; {k:.k}', 'jq: error: syntax error, unexpected module'],
    ['.k\0', 'jq: error: NUL in the query'],
  ])('%s is refused with the words of jq', async (query, words) => {
    await expect(extractor.checkQuery(query)).rejects.toMatchObject({
      code: 'invalidDestination',
      message: expect.stringContaining(`JQ Subprocess failed due to: ${words}`),
    })
  })
})
