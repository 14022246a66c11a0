import { expect, test } from 'vitest'
import { connectionsMax } from '../../src/gateway/limits.ts'

test.each([
  ['nobody tells', undefined, 16_384],
  ['plenty', 1_048_576, 16_384],
  ['as many as clients want', 17_408, 16_384],
  ['some', 4096, 3072],
  ['few: half of them are for files', 1024, 512],
])('open files: %s', (_what, openFiles, expected) => {
  expect(connectionsMax(openFiles)).toBe(expected)
})
