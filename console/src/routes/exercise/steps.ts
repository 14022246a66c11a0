/** The six steps of the first lake. Each is checked against the lake itself, whichever way it was done. */
import { streamFigures } from '../../drivers/admin.ts'
import { history } from '../../drivers/athena.ts'
import { streams } from '../../drivers/firehose.ts'
import { crawlers, tables } from '../../drivers/glue.ts'
import { bucketProperties, buckets } from '../../drivers/s3.ts'
import { fixedPart, newestObjects } from '../firehose/newest-objects.ts'
import { bucketOf, destinationOf } from '../firehose/stream-text.tsx'

export interface Step {
  readonly title: string
  readonly text: readonly string[]
  readonly to: string
  readonly action: string
  /** undefined: done. Else what is missing, in words. */
  readonly missing: () => Promise<string | undefined>
}

const BUCKETS_MAX = 10

export const STEPS: readonly Step[] = [
  {
    title: 'Make a bucket for raw data',
    text: [
      'Name: how.raw',
      'Versioning: enabled',
      'New buckets block public access and encrypt with SSE-S3 by themselves.',
    ],
    to: '/s3/create',
    action: 'Create bucket',
    async missing() {
      const names = (await buckets()).map(({ Name = '' }) => Name).slice(0, BUCKETS_MAX)
      if (names.length === 0) return 'There is no bucket yet.'
      for (const name of names) {
        const { versioning, blocksPublicAccess } = await bucketProperties(name)
        if (versioning === 'Enabled' && blocksPublicAccess) return undefined
      }
      return 'No bucket has versioning enabled and public access blocked.'
    },
  },
  {
    title: 'Make a delivery stream into it',
    text: [
      'Name: egd-how',
      'Source Direct PUT, destination your bucket',
      'Prefix: events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/',
      'Error prefix: error. Buffer: 1 MiB or 60 seconds. Compression: GZIP',
    ],
    to: '/firehose/streams/create',
    action: 'Create delivery stream',
    async missing() {
      const found = await streams()
      if (found.length === 0) return 'There is no delivery stream yet.'
      const fits = found.some((stream) => {
        const { Prefix = '', CompressionFormat } = destinationOf(stream) ?? {}
        return (
          Prefix.includes('!{timestamp:') && CompressionFormat === 'GZIP' && stream.DeliveryStreamStatus === 'ACTIVE'
        )
      })
      return fits ? undefined : 'No active stream has a dated prefix and GZIP compression.'
    },
  },
  {
    title: 'Send it events',
    text: [
      'On the page of the stream, open Send test events: 100 events a second for a minute or more.',
      'Or run any producer: boto3, the AWS CLI, lakelet simulate.',
      'A minute later the first object is in the bucket.',
    ],
    to: '/firehose/streams',
    action: 'Go to the streams',
    async missing() {
      const figures = await streamFigures()
      if (figures.some(({ deliveredObjects }) => deliveredObjects > 0)) return undefined
      // Those of before the lake was started last count, too.
      for (const stream of (await streams()).slice(0, BUCKETS_MAX)) {
        const prefix = fixedPart(destinationOf(stream)?.Prefix ?? '')
        if ((await newestObjects(bucketOf(stream), prefix, 1)).length > 0) return undefined
      }
      if (figures.some(({ acceptedRecords }) => acceptedRecords > 0))
        return 'Events have come; their first object is written within a minute.'
      return 'No stream has taken an event since the lake was started.'
    },
  },
  {
    title: 'Make a crawler for the events',
    text: [
      'Name: how-kinesis. Path: s3://how.raw/events',
      'Role: let it be made. Database: how-kinesis',
      'On demand; partitions take their metadata from the table.',
    ],
    to: '/glue/crawlers/create',
    action: 'Add crawler',
    async missing() {
      const found = await crawlers()
      return found.some(({ Targets }) => (Targets?.S3Targets ?? []).length > 0) ? undefined : 'There is no crawler yet.'
    },
  },
  {
    title: 'Run the crawler',
    text: ['It finds the files, makes the database and the table events with its partitions, and says why.'],
    to: '/glue/crawlers',
    action: 'Go to the crawlers',
    async missing() {
      const found = await crawlers()
      if (found.some(({ State }) => State === 'RUNNING')) return 'It is running.'
      const ran = found.filter(({ LastCrawl }) => LastCrawl?.Status === 'SUCCEEDED')
      if (ran.length === 0) return 'No crawler has completed a run.'
      for (const { DatabaseName = '' } of ran) if ((await tables(DatabaseName)).length > 0) return undefined
      return 'The run has found no table: were there objects in the folder?'
    },
  },
  {
    title: 'Query the table',
    text: [
      'Choose a bucket for results (make how.results first), then the database how-kinesis.',
      'SELECT * FROM "how-kinesis"."events" limit 10;',
    ],
    to: '/athena/editor',
    action: 'Open the query editor',
    async missing() {
      const found = await history('primary', 50)
      const isDone = found.some(
        ({ Status, StatementType, Statistics }) =>
          Status?.State === 'SUCCEEDED' && StatementType === 'DML' && (Statistics?.DataScannedInBytes ?? 0) > 0,
      )
      return isDone ? undefined : 'No query has read a table yet.'
    },
  },
]
