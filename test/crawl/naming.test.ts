import { expect, test } from 'vitest'
import { distinctName, TABLE_NAME_LENGTH_MAX, tableName } from '../../src/crawl/naming.ts'

test.each([
  ['', 'how.raw', 'events/', 'events'],
  ['', 'how.raw', '', 'how_raw'],
  ['', 'b', 'a/Landing-Zone/', 'landing_zone'],
  ['', 'b', 'classic_rock_songs_all.csv', 'classic_rock_songs_all_csv'],
  ['Customer-', 'b', 'landing/', 'customer_landing'],
  ['', 'b', 'year=2017/', 'year_2017'],
  ['', 'b', 'São Paulo/', 's_o_paulo'],
])('%j + %s/%s is %s', (prefix, bucket, path, name) => {
  expect(tableName(prefix, bucket, path)).toBe(name)
})

test('a name is cut at its bound, also when made distinct', () => {
  const long = tableName('', 'b', `${'x'.repeat(200)}/`)
  expect([long.length, distinctName(long, 's3://b/x/').length]).toEqual([TABLE_NAME_LENGTH_MAX, TABLE_NAME_LENGTH_MAX])
})

test('a distinct name is the same for the same place and ends in 32 hexadecimal digits', () => {
  expect(distinctName('landing', 's3://b/x/')).toMatch(/^landing_[0-9a-f]{32}$/)
  expect(distinctName('landing', 's3://b/x/')).toBe(distinctName('landing', 's3://b/x/'))
  expect(distinctName('landing', 's3://b/x/')).not.toBe(distinctName('landing', 's3://b/y/'))
})
