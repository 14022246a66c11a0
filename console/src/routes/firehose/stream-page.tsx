/** A delivery stream: what it holds just now, its last hour, its objects, what failed, and test events to try it with. */

import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose'
import Alert from '@cloudscape-design/components/alert'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Tabs from '@cloudscape-design/components/tabs'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'react-router'
import { ErrorAlert } from '../../components/errors.tsx'
import { agoText, bytesText, durationText, numberText, timeText } from '../../components/figures.ts'
import { Link, part } from '../../components/link.tsx'
import { MetricChart } from '../../components/metric-chart.tsx'
import { Page } from '../../components/page.tsx'
import { type StreamFigures, streamFigures } from '../../drivers/admin.ts'
import { stream } from '../../drivers/firehose.ts'
import { lastHour } from '../../drivers/metrics.ts'
import { ErrorRecords } from './error-records.tsx'
import { RecentObjects } from './recent-objects.tsx'
import { bucketOf, destinationOf, StreamState, sourceText, transformationText } from './stream-text.tsx'
import { TestEvents } from './test-events.tsx'

export function StreamPage() {
  const { stream: name = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const found = useQuery({ queryKey: ['stream', name], queryFn: () => stream(name), refetchInterval: 15_000 })
  const figures = useQuery({ queryKey: ['figures'], queryFn: streamFigures, refetchInterval: 1_000, retry: false })
  const own = figures.data?.find((one) => one.name === name)
  return (
    <Page title={name} description="Delivery stream">
      <ErrorAlert
        error={found.error}
        title="The delivery stream could not be read"
        onRetry={() => void found.refetch()}
      />
      {found.data === undefined && found.error === null && <Spinner size="large" />}
      {found.data !== undefined && (
        <SpaceBetween size="l">
          <Now of={own} />
          <TestEvents stream={name} />
          <Tabs
            activeTabId={search.get('tab') ?? 'monitoring'}
            onChange={({ detail }) => setSearch(detail.activeTabId === 'monitoring' ? {} : { tab: detail.activeTabId })}
            tabs={[
              { id: 'monitoring', label: 'Monitoring', content: <Monitoring stream={name} /> },
              { id: 'objects', label: 'Recent objects', content: <RecentObjects stream={found.data} /> },
              { id: 'errors', label: 'Error records', content: <ErrorRecords stream={found.data} /> },
              { id: 'configuration', label: 'Configuration', content: <Configuration of={found.data} /> },
            ]}
          />
        </SpaceBetween>
      )}
    </Page>
  )
}

function Now({ of }: { readonly of: StreamFigures | undefined }) {
  return (
    <Container
      header={
        <Header variant="h2" description="Since the lake was started">
          Just now
        </Header>
      }
    >
      <SpaceBetween size="m">
        {of?.lastError !== undefined && (
          <Alert type="warning" header={`Delivery had trouble ${agoText(of.lastErrorAtMs)}`}>
            {of.lastError}
          </Alert>
        )}
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Waiting', value: `${numberText(of?.bufferedRecords)} records, ${bytesText(of?.bufferedBytes)}` },
            {
              label: 'Oldest waits since',
              value: of?.oldestAgeMs === undefined ? '–' : durationText(Math.round(of.oldestAgeMs / 1000) * 1000),
            },
            {
              label: 'Next object at the latest in',
              value: of?.dueInMs === undefined ? '–' : durationText(Math.round(of.dueInMs / 1000) * 1000),
            },
            {
              label: 'Delivered',
              value: `${numberText(of?.deliveredRecords)} records in ${numberText(of?.deliveredObjects)} objects`,
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}

function Monitoring({ stream: name }: { readonly stream: string }) {
  const metric = (title: string, metricName: string, statistic: 'Sum' | 'Average' | 'Maximum') => ({
    title,
    namespace: 'AWS/Firehose',
    name: metricName,
    dimensions: { DeliveryStreamName: name },
    statistic,
  })
  const { data, error } = useQuery({
    queryKey: ['metrics', name],
    queryFn: () =>
      lastHour([
        metric('Incoming records', 'IncomingRecords', 'Sum'),
        metric('Incoming bytes', 'IncomingBytes', 'Sum'),
        metric('Delivered records', 'DeliveryToS3.Records', 'Sum'),
        metric('Data freshness', 'DeliveryToS3.DataFreshness', 'Maximum'),
      ]),
    refetchInterval: 15_000,
  })
  const at = (index: number) => data?.slice(index, index + 1)
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={error} title="The metrics could not be read" />
      <ColumnLayout columns={2}>
        <MetricChart title="Incoming records a minute" series={at(0)} />
        <MetricChart title="Incoming bytes a minute" series={at(1)} format={bytesText} />
        <MetricChart title="Records delivered to S3 a minute" series={at(2)} />
        <MetricChart title="Data freshness: age of the oldest record, seconds" series={at(3)} />
      </ColumnLayout>
    </SpaceBetween>
  )
}

function Configuration({ of }: { readonly of: DeliveryStreamDescription }) {
  const destination = destinationOf(of)
  const hints = destination?.BufferingHints
  return (
    <Container header={<Header variant="h2">Configuration</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Status', value: <StreamState of={of} /> },
          { label: 'Source', value: sourceText(of) },
          { label: 'Amazon Resource Name (ARN)', value: of.DeliveryStreamARN ?? '–' },
          { label: 'Bucket', value: <Link to={`/s3/buckets/${part(bucketOf(of))}`}>{bucketOf(of)}</Link> },
          { label: 'Prefix', value: destination?.Prefix || '–' },
          { label: 'Error output prefix', value: destination?.ErrorOutputPrefix || '–' },
          { label: 'Buffer', value: `${hints?.SizeInMBs ?? '–'} MiB or ${hints?.IntervalInSeconds ?? '–'} seconds` },
          { label: 'Compression', value: destination?.CompressionFormat ?? '–' },
          { label: 'Data transformation', value: transformationText(of) },
          {
            label: 'Conversion to Parquet',
            value: destination?.DataFormatConversionConfiguration?.Enabled === true ? 'Enabled' : 'Not enabled',
          },
          { label: 'Backup of source records', value: destination?.S3BackupMode ?? '–' },
          { label: 'IAM role', value: destination?.RoleARN?.replace(/^.*:role\//, '') ?? '–' },
          { label: 'Created', value: timeText(of.CreateTimestamp) },
        ]}
      />
    </Container>
  )
}
