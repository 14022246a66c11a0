import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseLakeFile } from '../../src/cli/lake-file.ts'

test("the first lake's file says what the exercise says", () => {
  const file = parseLakeFile(readFileSync(new URL('../../examples/first-lake/lake.yaml', import.meta.url), 'utf8'))
  expect(file.buckets[0]).toEqual({ name: 'how.raw', blockPublicAccess: true, versioning: true, encryption: 'SSE-S3' })
  expect(file.deliveryStreams).toEqual([
    {
      name: 'egd-how',
      bucket: 'how.raw',
      role: 'how-lake',
      prefix: 'events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/',
      errorPrefix: 'error',
      bufferMiB: 1,
      bufferSeconds: 60,
      compression: 'GZIP',
    },
  ])
  expect(file.crawlers[0]).toMatchObject({
    name: 'how-kinesis',
    path: 's3://how.raw/events',
    partitionsInheritFromTable: true,
  })
  expect(file.queries[0]?.sql).toBe('SELECT * FROM "how-kinesis"."events" limit 10;')
})

test('a crawler runs when it is started and looks at everything, unless the file says otherwise', () => {
  const crawler = (more: string) =>
    parseLakeFile(`crawlers: [{name: c, role: r, path: s3://b/, database: d${more}}]`).crawlers[0]
  expect(crawler('')).toMatchObject({ schedule: undefined, recrawl: 'EVERYTHING' })
  expect(crawler(", schedule: 'cron(0 3 * * ? *)', recrawl: NEW_FOLDERS_ONLY")).toMatchObject({
    schedule: 'cron(0 3 * * ? *)',
    recrawl: 'NEW_FOLDERS_ONLY',
  })
})

test('an empty lake is a lake', () => {
  expect(parseLakeFile('buckets: []').buckets).toEqual([])
})

test.each([
  ['not YAML', 'buckets: [', 'not YAML'],
  ['a list at the top', '- a', 'the lake file must be a mapping'],
  ['an unknown part', 'bukkets: []', 'bukkets is not a key of this place; known are buckets, roles'],
  ['an unknown key inside', 'buckets: [{name: b, versionning: true}]', 'buckets[0].versionning is not a key'],
  ['a missing name', 'buckets: [{versioning: true}]', 'buckets[0].name must be given'],
  [
    'a text where a flag belongs',
    "buckets: [{name: b, versioning: 'yes'}]",
    'buckets[0].versioning must be true or false',
  ],
  [
    'an encryption we do not have',
    'buckets: [{name: b, encryption: SSE-KMS}]',
    'buckets[0].encryption must be one of SSE-S3',
  ],
  [
    'a codec we do not have',
    'deliveryStreams: [{name: s, bucket: b, role: r, compression: ZIP}]',
    'deliveryStreams[0].compression must be one of GZIP, UNCOMPRESSED',
  ],
  [
    'a recrawl policy we do not have',
    'crawlers: [{name: c, role: r, path: s3://b/, database: d, recrawl: EVENT_MODE}]',
    'crawlers[0].recrawl must be one of EVERYTHING, NEW_FOLDERS_ONLY',
  ],
  [
    'a slip in the buffer',
    'deliveryStreams: [{name: s, bucket: b, role: r, buffer: {size: 1}}]',
    'deliveryStreams[0].buffer.size is not a key',
  ],
])('%s is refused with its place', (_name, text, message) => {
  expect(() => parseLakeFile(text)).toThrow(message)
})
