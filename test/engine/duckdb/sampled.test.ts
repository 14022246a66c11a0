import { expect, test } from 'vitest'
import { hidesFailures, sampledFacts } from '../../../src/engine/duckdb/sampled.ts'
import type { ScanSource } from '../../../src/engine/engine.ts'
import { columnsOf, openx } from './scan-world.ts'

const source = (format: Partial<typeof openx> = {}): ScanSource => ({
  format: { ...openx, ...format },
  dataColumns: columnsOf('id bigint, tags array<string>, other string'),
  partitionColumns: [],
  partitions: [],
  files: [],
})

test.each<[string, string[], string[] | undefined, Partial<typeof openx>, boolean]>([
  ['a key of every record', ['id'], ['ID', 'tags'], {}, true],
  ['no column at all', [], ['ID'], {}, true],
  ['a key that is missing at times', ['other'], ['ID'], {}, false],
  ['a column with values inside values', ['tags'], ['ID', 'tags'], {}, false],
  ['two spellings of a key', ['id'], ['id', 'ID'], {}, false],
  ['lines that are not all records', ['id'], undefined, {}, false],
  ['dots in keys', ['id'], ['id'], { dotsInKeys: true }, false],
  ['a mapped key', ['id'], ['number'], { mapping: { id: 'number' } }, true],
])('%s', (_what, wanted, keys, format, isKnown) => {
  expect(sampledFacts(source(format), wanted, keys) !== undefined).toBe(isKnown)
})

test('statements that swallow failures are told from others', () => {
  expect(hidesFailures('SELECT TRY(a)')).toBe(true)
  expect(hidesFailures('SELECT TRY_CAST(a AS INTEGER)')).toBe(false)
})
