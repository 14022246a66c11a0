import { expect, test } from 'vitest'
import { type Cell, cellOf, hive, openX } from './conversion-world.ts'

const is = (value: unknown): Cell => ({ value })
const bad = (problem: string): Cell => ({ problem })
const notFor = (text: string) => bad(`For input string: "${text}"`)
const at = (text: string) => is(new Date(text))
const bytes = (text: string) => is(new Uint8Array(Buffer.from(text)))

const NUMERIC = 'Current token (VALUE_STRING) not numeric, can not use numeric value accessors'
const UNREADABLE = 'Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]'

type Case = readonly [type: string, json: string, outcome: Cell]

const BOTH: readonly Case[] = [
  ['string', '"a"', is('a')],
  ['string', '""', is('')],
  ['string', '"\\u00e9\\n\\ud83d\\ude00 \\"x\\""', is('é\n😀 "x"')],
  ['string', '"日本語"', is('日本語')],
  ['string', '1.50', is('1.50')],
  ['string', '1e5', is('1e5')],
  ['string', '12345678901234567890123', is('12345678901234567890123')],
  ['string', 'true', is('true')],
  ['string', 'null', is(null)],
  ['varchar(3)', '"abcd"', is('abc')],
  ['varchar(3)', '"日本語だ"', is('日本語')],
  ['varchar(3)', '12345', is('123')],
  ['char(4)', '"ab  "', is('ab')],
  ['char(2)', '"abc"', is('ab')],
  ['boolean', 'true', is(true)],
  ['boolean', 'false', is(false)],
  ['boolean', '"TRUE"', is(true)],
  ['boolean', '"yes"', is(false)],
  ['boolean', 'null', is(null)],
  ['int', '7', is(7)],
  ['int', '-0', is(0)],
  ['int', '2147483647', is(2147483647)],
  ['int', '-2147483648', is(-2147483648)],
  ['int', '1.9', is(1)],
  ['int', '-1.9', is(-1)],
  ['int', '1e3', is(1000)],
  ['int', '1e-400', is(0)],
  ['int', 'null', is(null)],
  ['tinyint', '127', is(127)],
  ['smallint', '-32768', is(-32768)],
  ['bigint', '9007199254740993', is(9007199254740993n)],
  ['bigint', '9223372036854775807', is(9223372036854775807n)],
  ['bigint', '-9223372036854775808', is(-9223372036854775808n)],
  ['bigint', '-4294967297', is(-4294967297n)],
  ['bigint', '123456789012345678.9', is(123456789012345678n)],
  ['double', '1.5', is(1.5)],
  ['double', '-0', is(-0)],
  ['double', '0.1', is(0.1)],
  ['double', '123456789.123456789', is(123456789.12345679)],
  ['double', '5e-324', is(5e-324)],
  ['double', '1.7976931348623157e308', is(1.7976931348623157e308)],
  ['double', '12', is(12)],
  ['float', '0.1', is(Math.fround(0.1))],
  ['decimal(10,2)', '12.34', is(12.34)],
  ['decimal(10,2)', '-12.3', is(-12.3)],
  ['decimal(10,2)', '1.005', is(1.01)],
  ['decimal(10,2)', '-1.005', is(-1.01)],
  ['decimal(10,2)', '1e3', is(1000)],
  ['decimal(10,2)', '1e-99999999', is(0)],
  ['decimal(10,2)', '99999999.99', is(99999999.99)],
  ['decimal(10,2)', '"12.34"', is(12.34)],
  ['decimal(10,2)', '99999999.995', notFor('99999999.995')],
  ['decimal(10,2)', '1e99999999', notFor('1e99999999')],
  ['decimal(10,2)', '"x"', notFor('x')],
  ['date', '"2026-02-28"', at('2026-02-28')],
  ['date', '"2026-2-8"', at('2026-02-08')],
  ['date', '"1969-12-31"', at('1969-12-31')],
  ['date', '"2026-02-30"', notFor('2026-02-30')],
  ['date', '"2026-02-28 00:00:00"', notFor('2026-02-28 00:00:00')],
  ['timestamp', '"2026-07-13 14:15:16"', at('2026-07-13T14:15:16Z')],
  ['timestamp', '"2026-7-3 4:5:6.7"', at('2026-07-03T04:05:06.700Z')],
  ['timestamp', '"2026-02-30 00:00:00"', bad(UNREADABLE)],
  ['timestamp', '"2026-07-13 24:00:00"', bad(UNREADABLE)],
  ['timestamp', '"soon"', bad(UNREADABLE)],
]

const OPENX: readonly Case[] = [
  ['string', '{ "b" : [ 1.0, "x y\\"" ] , "a":null }', is('{"b":[1.0,"x y\\""],"a":null}')],
  ['string', '[1, 2]', is('[1,2]')],
  ['varchar(5)', '{"a": 1}', is('{"a":')],
  ['boolean', '1', notFor('1')],
  ['boolean', '{}', bad('A JSON object where boolean is expected.')],
  ['int', '"42"', is(42)],
  ['int', '"+42"', is(42)],
  ['int', '"0x1F"', is(31)],
  ['int', '"4.2"', notFor('4.2')],
  ['int', '" 42"', notFor(' 42')],
  ['int', '""', notFor('')],
  ['int', '2147483648', notFor('2147483648')],
  ['int', '3e9', notFor('3e9')],
  ['int', 'true', notFor('true')],
  ['int', '[1]', bad('A JSON array where int32 is expected.')],
  ['tinyint', '128', notFor('128')],
  ['smallint', '"32768"', notFor('32768')],
  ['bigint', '9223372036854775808', notFor('9223372036854775808')],
  ['bigint', '"9223372036854775807"', is(9223372036854775807n)],
  ['bigint', '1e400', notFor('1e400')],
  ['double', '" 1.5e3 "', is(1500)],
  ['double', '"1.5f"', is(1.5)],
  ['double', '"NaN"', is(Number.NaN)],
  ['double', '"-Infinity"', is(Number.NEGATIVE_INFINITY)],
  ['double', '"oops"', notFor('oops')],
  ['double', '1e999', notFor('1e999')],
  ['float', '1e39', notFor('1e39')],
  ['binary', '"abc"', bytes('abc')],
  ['binary', '1', notFor('1')],
  ['date', '20000', notFor('20000')],
  ['timestamp', '"2017-02-07T15:13:01.39256Z"', at('2017-02-07T15:13:01.392Z')],
  ['timestamp', '"2017-02-07T15:13:01Z"', at('2017-02-07T15:13:01Z')],
  ['timestamp', '"2017-02-07T15:13:01"', at('2017-02-07T15:13:01Z')],
  ['timestamp', '"2017-2-7T15:13:01Z"', bad(UNREADABLE)],
  ['timestamp', '"2017-02-07T15:13:01+01:00"', bad(UNREADABLE)],
  ['timestamp', '"2017-02-29T15:13:01Z"', bad(UNREADABLE)],
  ['timestamp', '1518033528', at('2018-02-07T19:58:48Z')],
  ['timestamp', '1518033528123', at('2018-02-07T19:58:48.123Z')],
  ['timestamp', '1518033528.123', at('2018-02-07T19:58:48.123Z')],
  ['timestamp', '1.518033528e9', at('2018-02-07T19:58:48Z')],
  ['timestamp', '"1518033528"', at('2018-02-07T19:58:48Z')],
  ['timestamp', '-1.5', at('1969-12-31T23:59:58.500Z')],
  ['timestamp', '0', at('1970-01-01')],
  ['timestamp', '999999999999', bad(UNREADABLE)],
  ['timestamp', 'true', notFor('true')],
]

const HIVE: readonly Case[] = [
  ['string', '{"a":1}', bad('One or more fields have incorrect format. Exception when validating field (root)')],
  ['boolean', '1', is(false)],
  ['int', '"42"', bad(NUMERIC)],
  ['double', '"1.5"', bad(NUMERIC)],
  ['int', '2147483648', bad('Numeric value (2147483648) out of range of int')],
  ['tinyint', '128', bad('Numeric value (128) out of range of Java byte')],
  ['binary', '"abc"', bad('java.io.IOException: JsonSerDe does not support BINARY type')],
  ['timestamp', '"2017-02-07T15:13:01Z"', bad(UNREADABLE)],
  ['timestamp', '1518033528', bad(UNREADABLE)],
  ['array<int>', '1', bad('java.io.IOException: Start of Array expected')],
  ['struct<a:int>', '1', bad('java.io.IOException: Start of Object expected')],
  ['map<string,int>', '[]', bad('java.io.IOException: Start of Object expected')],
]

test.each([...BOTH, ...OPENX])('OpenX: into %s, %s', async (type, json, outcome) => {
  expect(await cellOf(type, json, openX)).toEqual(outcome)
})

test.each([...BOTH, ...HIVE])('Hive: into %s, %s', async (type, json, outcome) => {
  expect(await cellOf(type, json, hive())).toEqual(outcome)
})

const FORMATS: readonly (readonly [formats: readonly string[], json: string, outcome: Cell])[] = [
  [['millis'], '1518033528123', at('2018-02-07T19:58:48.123Z')],
  [['MILLIS'], '"1518033528123.9"', at('2018-02-07T19:58:48.123Z')],
  [["yyyy-MM-dd'T'HH:mm:ssZ"], '"2017-02-07T15:13:01+0130"', at('2017-02-07T13:43:01Z')],
  [['dd/MMM/yyyy'], '"7/feb/2017"', at('2017-02-07')],
  [['dd/MMM/yyyy', 'millis'], '1518033528123', at('2018-02-07T19:58:48.123Z')],
  [['dd/MMM/yyyy'], '"2026-07-13 14:15:16"', at('2026-07-13T14:15:16Z')],
  [['dd/MMM/yyyy'], '"7/feb/2017 x"', bad(UNREADABLE)],
]

test.each(FORMATS)('Hive with the formats %j reads %s', async (formats, json, outcome) => {
  expect(await cellOf('timestamp', json, hive(...formats))).toEqual(outcome)
})
