/** Every page of the console that has something to show of the first lake, and a word that is on it when it is there. */
import { DATABASE } from './first-lake.ts'

export interface ConsolePage {
  readonly name: string
  readonly path: string
  readonly shows: string | RegExp
}

const OBJECT = encodeURIComponent('events/landing-date=2026-11-24/egd-how-1-2026-11-24-07-00-00-0.gz')

export const PAGES: readonly ConsolePage[] = [
  { name: 'home', path: '/', shows: 'rows, as last crawled' },
  { name: 's3-buckets', path: '/s3/buckets', shows: 'how.results' },
  { name: 's3-create-bucket', path: '/s3/create', shows: 'Bucket name' },
  { name: 's3-objects', path: '/s3/buckets/how.raw', shows: 'events/' },
  {
    name: 's3-folder',
    path: `/s3/buckets/how.raw?prefix=${encodeURIComponent('events/landing-date=2026-11-24/')}`,
    shows: /egd-how-1-2026-11-24/,
  },
  { name: 's3-object', path: `/s3/buckets/how.raw/objects/${OBJECT}`, shows: 'event_id' },
  { name: 's3-properties', path: '/s3/buckets/how.raw?tab=properties', shows: 'Amazon S3 managed keys (SSE-S3)' },
  { name: 'firehose-streams', path: '/firehose/streams', shows: 'Direct PUT' },
  { name: 'firehose-create-stream', path: '/firehose/streams/create', shows: 'The next object would be' },
  { name: 'firehose-stream', path: '/firehose/streams/egd-how', shows: 'Incoming records a minute' },
  { name: 'firehose-objects', path: '/firehose/streams/egd-how?tab=objects', shows: /landing-date=2026-11-26/ },
  { name: 'firehose-errors', path: '/firehose/streams/egd-how?tab=errors', shows: 'No record has failed' },
  { name: 'firehose-configuration', path: '/firehose/streams/egd-how?tab=configuration', shows: '1 MiB or 60 seconds' },
  { name: 'glue-databases', path: '/glue/databases', shows: DATABASE },
  { name: 'glue-tables', path: '/glue/tables', shows: 'landing-date' },
  { name: 'glue-table', path: `/glue/databases/${DATABASE}/events`, shows: 'page_url_path' },
  { name: 'glue-partitions', path: `/glue/databases/${DATABASE}/events?tab=partitions`, shows: '2026-11-25' },
  { name: 'glue-versions', path: `/glue/databases/${DATABASE}/events?tab=versions`, shows: 'The first' },
  { name: 'glue-properties', path: `/glue/databases/${DATABASE}/events?tab=properties`, shows: /JsonSerDe/ },
  { name: 'glue-crawlers', path: '/glue/crawlers', shows: 'On demand' },
  { name: 'glue-create-crawler', path: '/glue/crawlers/create', shows: 'Include path' },
  { name: 'glue-crawler', path: '/glue/crawlers/how-kinesis', shows: /Finished writing to Catalog/ },
  { name: 'glue-triggers', path: '/glue/triggers', shows: 'At 03:00 every day (UTC)' },
  { name: 'glue-workflows', path: '/glue/workflows', shows: 'Crawls at night' },
  { name: 'athena-editor', path: '/athena/editor', shows: 'Data source' },
  { name: 'athena-history', path: '/athena/history', shows: 'Completed' },
  { name: 'athena-saved', path: '/athena/saved', shows: 'Views by page' },
  { name: 'athena-workgroups', path: '/athena/workgroups', shows: 's3://how.results/' },
  { name: 'athena-workgroup', path: '/athena/workgroups/primary', shows: 'Enforce these settings' },
  { name: 'not-found', path: '/nowhere', shows: 'There is nothing at this address.' },
]
