import { expect, test } from 'vitest'
import { extract, jsonPath } from '../../../../../src/engine/duckdb/functions/javascript/json-path.ts'

const JSON_TEXT = '{"a":{"b":[1,2.50,{"c":"x"}],"d e":null},"b":7}'
const CASES: readonly (readonly [string, string | undefined])[] = [
  ['$', JSON_TEXT],
  ['$.a.b[1]', '2.50'],
  ['$.a["d e"]', 'null'],
  ['$.a.b[2].c', '"x"'],
  ['$.a.b[9]', undefined],
  ['$.x.y', undefined],
  ['$.a.b[*]', '[1,2.50,{"c":"x"}]'],
  ['$..b', '[7,[1,2.50,{"c":"x"}]]'],
]
test.each(CASES)('%s', (path, found) => {
  expect(extract(JSON_TEXT, jsonPath(path))).toBe(found)
})

test.each(['', '$.', '$[', '$x'])('%j is no path', (path) => {
  expect(() => jsonPath(path)).toThrow(`Invalid JSON path: '${path}'`)
})
