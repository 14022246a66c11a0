/** The first lake by hand with boto3, against a lake that verifies signatures. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { noBoto3, runAgainst, titled } from '../support/installed.ts'
import { startLake, temporaryDirectory } from '../support/lake.ts'

const SCRIPT = fileURLToPath(new URL('./first-lake-boto3.py', import.meta.url))

test.skipIf(noBoto3 !== undefined)(titled('boto3 makes the first lake in six steps', noBoto3), async () => {
  const directory = temporaryDirectory()
  const lake = await startLake(directory.path)
  try {
    expect(JSON.parse(await runAgainst(lake, 'python3', [SCRIPT]))).toEqual({
      account: '000000000000',
      versioning: 'Enabled',
      failedPuts: 0,
      delivered: 510,
      crawl: 'SUCCEEDED',
      columns: ['event_id string', 'page_url_path string', 'geo_latitude string', 'device_is_mobile boolean'],
      partitionKeys: ['landing-date string'],
      partitions: true,
      firstTen: 10,
      counted: ['510', '510'],
      paged: 510,
      csv: '"page_url_path","views"\n"/cart","102"\n',
      refusals: [
        'ResourceNotFoundException',
        'EntityNotFoundException',
        'InvalidRequestException',
        'NoSuchKey',
        'NoSuchEntity',
      ],
    })
  } finally {
    await lake.stop()
    directory.remove()
  }
})
