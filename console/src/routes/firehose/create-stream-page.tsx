/** Makes a delivery stream: Direct PUT to a bucket, with the name of the next object shown while its prefix is typed. */
import type { CreateDeliveryStreamInput } from '@aws-sdk/client-firehose'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { CliCommand, shellJson } from '../../components/cli-command.tsx'
import { ErrorAlert } from '../../components/errors.tsx'
import { LinkButton, part } from '../../components/link.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { Page } from '../../components/page.tsx'
import { RoleField, useRole } from '../../components/role-field.tsx'
import { useWork } from '../../components/use-work.ts'
import { createStream } from '../../drivers/firehose.ts'
import { buckets } from '../../drivers/s3.ts'
import { previewPrefix } from './prefix-preview.ts'

const FIRST_LAKE_PREFIX = 'events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/'
const COMPRESSIONS = [
  { value: 'GZIP', label: 'GZIP' },
  { value: 'UNCOMPRESSED', label: 'Not compressed' },
  { value: 'Snappy', label: 'Snappy' },
  { value: 'ZIP', label: 'ZIP' },
  { value: 'HADOOP_SNAPPY', label: 'Hadoop-compatible Snappy' },
]

export function CreateStreamPage() {
  const [name, setName] = useState('')
  const [bucket, setBucket] = useState('')
  const [prefix, setPrefix] = useState(FIRST_LAKE_PREFIX)
  const [errorPrefix, setErrorPrefix] = useState('error')
  const [sizeMiB, setSizeMiB] = useState('1')
  const [seconds, setSeconds] = useState('60')
  const [compression, setCompression] = useState('GZIP')
  const { isBusy, error, run } = useWork()
  const bucketList = useQuery({ queryKey: ['buckets'], queryFn: buckets })
  const navigate = useNavigate()
  const notices = useNotices()
  const queries = useQueryClient()
  const nowMs = useNow()

  const preview = useMemo(
    () => previewPrefix({ prefix, errorPrefix, compression, stream: name, nowMs }),
    [prefix, errorPrefix, compression, name, nowMs],
  )
  const role = useRole('firehose.amazonaws.com', `KinesisFirehoseServiceRole-${name || 'stream'}`)
  const nameProblem =
    name !== '' && !/^[\w.-]{1,64}$/.test(name) ? 'Up to 64 letters, digits, dots, hyphens and underscores.' : undefined
  const sizeProblem = inRange(sizeMiB, 1, 128) ? undefined : '1 to 128'
  const secondsProblem = inRange(seconds, 0, 900) ? undefined : '0 to 900'
  const isWhole =
    name !== '' &&
    bucket !== '' &&
    !('problem' in preview) &&
    [nameProblem, sizeProblem, secondsProblem].every((problem) => problem === undefined)
  const request = (RoleARN: string): CreateDeliveryStreamInput => ({
    DeliveryStreamName: name,
    DeliveryStreamType: 'DirectPut',
    ExtendedS3DestinationConfiguration: {
      RoleARN,
      BucketARN: `arn:aws:s3:::${bucket}`,
      ...(prefix !== '' && { Prefix: prefix }),
      ...(errorPrefix !== '' && { ErrorOutputPrefix: errorPrefix }),
      BufferingHints: { SizeInMBs: Number(sizeMiB), IntervalInSeconds: Number(seconds) },
      CompressionFormat: compression as 'GZIP',
    },
  })
  const create = async () => {
    await run(async () => {
      await createStream(request(await role.arnFor(bucket)))
      await queries.invalidateQueries({ queryKey: ['streams'] })
      notices.success(`Delivery stream ${name} is made.`)
      navigate(`/firehose/streams/${part(name)}`)
    })
  }

  return (
    <Page title="Create delivery stream">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) void create()
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <LinkButton to="/firehose/streams" variant="link">
                Cancel
              </LinkButton>
              <Button variant="primary" loading={isBusy} disabled={!isWhole}>
                Create delivery stream
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <ErrorAlert error={error} title="The delivery stream was not made" />
            <Container header={<Header variant="h2">Source and destination</Header>}>
              <SpaceBetween size="m">
                <ColumnLayout columns={2}>
                  <FormField label="Source">
                    <Select
                      selectedOption={{ label: 'Direct PUT' }}
                      options={[{ label: 'Direct PUT' }]}
                      disabled={true}
                    />
                  </FormField>
                  <FormField label="Destination">
                    <Select
                      selectedOption={{ label: 'Amazon S3' }}
                      options={[{ label: 'Amazon S3' }]}
                      disabled={true}
                    />
                  </FormField>
                </ColumnLayout>
                <FormField label="Delivery stream name" errorText={nameProblem}>
                  <Input
                    value={name}
                    autoFocus
                    placeholder="egd-how"
                    onChange={({ detail }) => setName(detail.value)}
                  />
                </FormField>
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">Destination settings</Header>}>
              <SpaceBetween size="m">
                <FormField
                  label="S3 bucket"
                  info={
                    bucketList.data?.length === 0 ? (
                      <LinkButton to="/s3/create" variant="inline-link">
                        Create one
                      </LinkButton>
                    ) : undefined
                  }
                >
                  <Select
                    selectedOption={bucket === '' ? null : { value: bucket }}
                    placeholder="Choose a bucket"
                    empty="No buckets"
                    filteringType="auto"
                    statusType={bucketList.isPending ? 'loading' : 'finished'}
                    onChange={({ detail }) => setBucket(detail.selectedOption.value ?? '')}
                    options={(bucketList.data ?? []).map(({ Name = '' }) => ({ value: Name }))}
                  />
                </FormField>
                <FormField
                  label="S3 bucket prefix"
                  constraintText="Expressions like !{timestamp:yyyy} are filled in when an object is written. Without any, folders of year, month, day and hour are added."
                  errorText={'problem' in preview ? preview.problem : undefined}
                >
                  <Input value={prefix} onChange={({ detail }) => setPrefix(detail.value)} />
                </FormField>
                <FormField label="S3 bucket error output prefix">
                  <Input value={errorPrefix} onChange={({ detail }) => setErrorPrefix(detail.value)} />
                </FormField>
                <Box>
                  <Box variant="awsui-key-label">The next object would be</Box>
                  {'problem' in preview ? (
                    <StatusIndicator type="warning">Mend the prefix first</StatusIndicator>
                  ) : (
                    <div aria-live="polite">
                      <Box variant="code">
                        s3://{bucket || 'bucket'}/{preview.key}
                      </Box>
                      <Box color="text-body-secondary" fontSize="body-s">
                        Records that cannot be processed go to{' '}
                        <Box variant="code" display="inline" fontSize="body-s">
                          s3://{bucket || 'bucket'}/{preview.errorFolder}
                        </Box>
                      </Box>
                    </div>
                  )}
                </Box>
              </SpaceBetween>
            </Container>
            <Container
              header={
                <Header variant="h2" description="An object is written when either is reached.">
                  Buffer and compression
                </Header>
              }
            >
              <ColumnLayout columns={3}>
                <FormField label="Buffer size, MiB" errorText={sizeProblem}>
                  <Input type="number" value={sizeMiB} onChange={({ detail }) => setSizeMiB(detail.value)} />
                </FormField>
                <FormField label="Buffer interval, seconds" errorText={secondsProblem}>
                  <Input type="number" value={seconds} onChange={({ detail }) => setSeconds(detail.value)} />
                </FormField>
                <FormField label="Compression">
                  <Select
                    selectedOption={COMPRESSIONS.find(({ value }) => value === compression) ?? null}
                    options={COMPRESSIONS}
                    onChange={({ detail }) => setCompression(detail.selectedOption.value ?? 'GZIP')}
                  />
                </FormField>
              </ColumnLayout>
            </Container>
            <Container header={<Header variant="h2">Permissions</Header>}>
              <RoleField
                role={role}
                description="With it the stream writes into the bucket."
                rights="With the rights to write into this bucket"
              />
            </Container>
            <CliCommand
              lines={[`aws firehose create-delivery-stream --cli-input-json ${shellJson(request(role.shownArn))}`]}
            />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  )
}

function inRange(text: string, low: number, high: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high
}

/** The time, a new one each second. */
function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
