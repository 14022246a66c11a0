import { expect, test } from 'vitest'
import { parseIncludePath } from '../../src/crawl/include-path.ts'

test.each([
  ['s3://how.raw/events', 'how.raw', 'events/'],
  ['s3://how.raw/events/', 'how.raw', 'events/'],
  ['how.raw/events', 'how.raw', 'events/'],
  ['s3://how.raw', 'how.raw', ''],
  ['s3://how.raw/', 'how.raw', ''],
  ['s3a://lake/a/b', 'lake', 'a/b/'],
  ['  lake/a=1/ä b/ ', 'lake', 'a=1/ä b/'],
])('%s', (path, bucket, prefix) => {
  expect(parseIncludePath(path)).toEqual({ bucket, prefix })
})

test.each(['', 's3://', '/events', 's3:///x', 'ab/x', 'https://lake/x'])('%j names no bucket', (path) => {
  expect(parseIncludePath(path)).toBeUndefined()
})
