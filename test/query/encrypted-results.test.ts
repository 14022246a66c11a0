import { afterEach, beforeEach, expect, test } from 'vitest'
import { encryptedResults } from '../../src/query/encrypted-results.ts'
import { dataDirectory } from '../objects/local/support.ts'

let data: Awaited<ReturnType<typeof dataDirectory>>
let lake: Awaited<ReturnType<typeof data.open>>

beforeEach(async () => {
  data = await dataDirectory()
  lake = await data.open()
  await lake.store.createBucket('results', 'us-east-1', { encryption: { algorithm: 'kms', bucketKeyEnabled: false } })
})

afterEach(async () => {
  await lake.close()
  await data.remove()
})

const RESULT = { bucket: 'results', key: 'a.csv' }

test('a result that is to be SSE-S3 is, in a bucket whose default is a key of KMS', async () => {
  await encryptedResults(lake.store, 'AES256').put(RESULT, Buffer.from('"1"\n'))
  expect((await lake.store.head(RESULT)).encryption).toBe('AES256')
})

test('one that nobody said anything of follows its bucket', async () => {
  await encryptedResults(lake.store, undefined).put(RESULT, Buffer.from('"1"\n'))
  expect((await lake.store.head(RESULT)).encryption).toMatchObject({ kind: 'kms' })
})

test('files that a statement writes are encrypted as its results are', async () => {
  const puts = ['b', 'c'].map((key) => ({ ref: { bucket: 'results', key }, body: Buffer.from(key) }))
  await encryptedResults(lake.store, 'AES256').putAll(puts)
  for (const { ref } of puts) expect((await lake.store.head(ref)).encryption).toBe('AES256')
})
