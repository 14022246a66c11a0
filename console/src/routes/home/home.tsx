/** The lake at work: from producers to queries, with live figures; what is wrong, in place and in words; the last hour. */
import Alert from '@cloudscape-design/components/alert'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { ErrorAlert } from '../../components/errors.tsx'
import { bytesText } from '../../components/figures.ts'
import { Link } from '../../components/link.tsx'
import { MetricChart } from '../../components/metric-chart.tsx'
import { Page } from '../../components/page.tsx'
import { lastHour } from '../../drivers/metrics.ts'
import { Pipeline } from './pipeline.tsx'
import { problemsOf } from './problems.ts'
import { useLake } from './use-lake.ts'

/** Of the charts: more lines cannot be told apart. */
const STREAMS_MAX = 5

export default function Home() {
  const lake = useLake()
  const problems = problemsOf(lake, Date.now())
  const names = lake.streams.slice(0, STREAMS_MAX).map(({ name }) => name)
  const charts = useQuery({
    queryKey: ['home-metrics', names],
    queryFn: async () => {
      const of = (name: string) =>
        names.map((stream) => ({
          title: stream,
          namespace: 'AWS/Firehose',
          name,
          dimensions: { DeliveryStreamName: stream },
          statistic: 'Sum' as const,
        }))
      const [records, bytes, delivered] = await Promise.all([
        lastHour(of('IncomingRecords')),
        lastHour(of('IncomingBytes')),
        lastHour(of('DeliveryToS3.Records')),
      ])
      return { records, bytes, delivered }
    },
    enabled: names.length > 0,
    refetchInterval: 30_000,
  })
  return (
    <Page title="The lake" description="From events to answers: what is on its way just now. Click a part to go to it.">
      <ErrorAlert error={lake.error} title="Not all of the lake can be seen" />
      {problems.map(({ title, text, to }) => (
        <Alert key={title + text} type="warning" header={title} action={<Link to={to}>Look at it</Link>}>
          {text}
        </Alert>
      ))}
      <Container header={<Header variant="h2">Pipeline</Header>}>
        <Pipeline lake={lake} troubled={new Set(problems.map(({ to }) => to))} />
      </Container>
      {names.length > 0 && (
        <Container header={<Header variant="h2">The last hour, a value a minute</Header>}>
          <SpaceBetween size="m">
            <ErrorAlert error={charts.error} title="The metrics could not be read" />
            <ColumnLayout columns={3}>
              <MetricChart title="Records taken" series={charts.data?.records} />
              <MetricChart title="Bytes taken" series={charts.data?.bytes} format={bytesText} />
              <MetricChart title="Records delivered" series={charts.data?.delivered} />
            </ColumnLayout>
          </SpaceBetween>
        </Container>
      )}
    </Page>
  )
}
