import { expect, test } from 'vitest'
import type { GrokClassifier } from '../../../src/formats/classifier.ts'
import { columnsOf, reasonOf, schemaOf } from '../classified.ts'

const COMBINED =
  '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326 "http://example.com/" "Mozilla/4.08 [en]"'
const COMMON = '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 304 -'
const APACHE = [
  'clientip',
  'ident',
  'auth',
  'timestamp',
  'verb',
  'request',
  'httpversion',
  'rawrequest',
  'response',
  'bytes',
]

test.each<[string, string, string[]]>([
  ['combined_apache', COMBINED, [...APACHE, 'referrer', 'agent']],
  ['apache', COMMON, APACHE],
  [
    'linux_kernel',
    'Feb  9 07:15:00 m4eastmail postfix/smtpd[19305]: connect from unknown[192.168.55.4]',
    ['timestamp', 'facility', 'priority', 'logsource', 'program', 'pid', 'message'],
  ],
  [
    'ruby_logger',
    'I, [2013-10-31T12:00:00.123456 #1234]  INFO -- prog: hello',
    ['timestamp', 'pid', 'loglevel', 'progname', 'message'],
  ],
  [
    'squid',
    '1286536309.450    747 192.168.0.227 TCP_MISS/200 4120 GET http://x/y.html - DIRECT/1.2.3.4 text/html',
    [
      'timestamp',
      'duration',
      'client_address',
      'cache_result',
      'status_code',
      'bytes',
      'request_method',
      'url',
      'user',
      'hierarchy_code',
      'server',
      'content_type',
    ],
  ],
  [
    'redismonlog',
    '1339518083.107412 [0 127.0.0.1:60866] "keys" "*"',
    ['timestamp', 'database', 'client', 'port', 'socket', 'command', 'params'],
  ],
  [
    'redislog',
    '[4018] 14 Nov 07:01:22.119 * Background saving terminated with success',
    ['pid', 'timestamp', 'level', 'message'],
  ],
  ['redislog', '1:M 12 Nov 2019 07:52:11.123 # Server started', ['pid', 'timestamp', 'level', 'message']],
])('%s is known by its lines', async (classification, line, names) => {
  const schema = await schemaOf(`${line}\n${line}\n`)
  expect(schema).toMatchObject({
    classification,
    layout: { kind: 'grok' },
    records: 2,
    classifier: { name: classification, certainty: 1 },
  })
  expect(schema.columns.map(({ name }) => name)).toEqual(names)
})

test('the lines that describe a file in the W3C format are no records', async () => {
  const line = '2011-04-13 19:02:34 216.28.197.6 GET /Default.aspx - 80 - 65.55.25.50 Mozilla/5.0 - 200 0 0 123'
  expect(await schemaOf(`#Version: 1.0\n#Fields: date time\n${line}\n`)).toMatchObject({
    classification: 'microsoft_log',
    records: 1,
  })
})

test('a log with a garbled line is known with less certainty, and the line is noted', async () => {
  const schema = await schemaOf(`${`${COMMON}\n`.repeat(9)}garbled\n`)
  expect(schema.classifier).toEqual({ name: 'apache', certainty: 0.9 })
  expect(schema.notes).toEqual(['1 of 10 lines do not match the pattern'])
})

test('one line in five may be garbled', async () => {
  expect((await schemaOf(`${`${COMMON}\n`.repeat(8)}garbled\nand this\n`)).classifier?.certainty).toBe(0.8)
})

test('a log with one garbled line in three is not known', async () => {
  expect(await reasonOf(`${COMMON}\n${COMMON}\ngarbled\n`)).toMatch(/apache, .*: its lines do not match/)
})

const custom = (grokPattern: string, customPatterns?: string): GrokClassifier => ({
  kind: 'grok',
  name: 'mine',
  classification: 'special-logs',
  grokPattern,
  ...(customPatterns !== undefined && { customPatterns }),
})

test("the example of AWS's guide is read by its custom patterns", async () => {
  const pattern = String.raw`%{TIMESTAMP_ISO8601:timestamp} \[%{MESSAGEPREFIX:message_prefix}\] %{CRAWLERLOGLEVEL:loglevel} : %{GREEDYDATA:message}`
  const patterns = 'CRAWLERLOGLEVEL (BENCHMARK|ERROR|WARN|INFO|TRACE)\nMESSAGEPREFIX .*-.*-.*-.*-.*'
  const schema = await schemaOf('2017-03-01 10:00:00 [a-b-c-d-e] INFO : started\n', custom(pattern, patterns))
  expect(schema).toMatchObject({
    classification: 'special-logs',
    layout: { kind: 'grok', pattern, customPatterns: patterns },
    classifier: { name: 'mine', certainty: 1 },
  })
  expect(columnsOf(schema)).toEqual(['timestamp string', 'message_prefix string', 'loglevel string', 'message string'])
})

test('a custom pattern that no line matches leaves the file to the others', async () => {
  expect(await reasonOf('prose\n', custom('%{INT:n}'))).toMatch(/mine: no line matches/)
})

test('a custom pattern that never ends is stopped and named', async () => {
  expect(await reasonOf(`${'a'.repeat(60)}b\n`, custom('^(?<a>(?:a+)+)+$'))).toMatch(
    /mine: its pattern took more than 500 ms, .* was stopped/,
  )
})

test('a custom pattern that is wrong is named with what is wrong', async () => {
  expect(await reasonOf('prose\n', custom('%{NOSUCH:a}'))).toMatch(
    /mine: its pattern is wrong: the pattern NOSUCH is not defined/,
  )
})

test('a custom pattern without a field makes no table', async () => {
  expect(await reasonOf('prose\n', custom('%{WORD}'))).toMatch(/mine: its pattern has no field/)
})
