/** What holds for a whole bucket. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorAlert } from '../../components/errors.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { bucketProperties, setVersioning } from '../../drivers/s3.ts'

const ENCRYPTION: Readonly<Record<string, string>> = {
  AES256: 'Amazon S3 managed keys (SSE-S3)',
  'aws:kms': 'AWS KMS keys (SSE-KMS)',
  'aws:kms:dsse': 'AWS KMS keys, two layers (DSSE-KMS)',
}

export function BucketPropertiesTab({ bucket }: { readonly bucket: string }) {
  const { data, error, refetch } = useQuery({ queryKey: ['bucket', bucket], queryFn: () => bucketProperties(bucket) })
  const notices = useNotices()
  const [isBusy, setBusy] = useState(false)
  if (error !== null)
    return <ErrorAlert error={error} title="The properties could not be read" onRetry={() => void refetch()} />
  if (data === undefined) return <Spinner size="large" />
  const isVersioned = data.versioning === 'Enabled'
  const toggle = async () => {
    setBusy(true)
    try {
      await setVersioning(bucket, !isVersioned)
      await refetch()
      notices.success(`Versioning of ${bucket} is ${isVersioned ? 'suspended' : 'enabled'}.`)
    } catch (failure) {
      notices.failure('Versioning was not changed', failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Button loading={isBusy} onClick={() => void toggle()}>
                {isVersioned ? 'Suspend versioning' : 'Enable versioning'}
              </Button>
            }
          >
            Overview
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Amazon Resource Name (ARN)', value: `arn:aws:s3:::${bucket}` },
            {
              label: 'Bucket versioning',
              value: <StatusIndicator type={isVersioned ? 'success' : 'stopped'}>{data.versioning}</StatusIndicator>,
            },
            {
              label: 'Block all public access',
              value: data.blocksPublicAccess ? (
                <StatusIndicator type="success">On</StatusIndicator>
              ) : (
                <StatusIndicator type="warning">Off</StatusIndicator>
              ),
            },
            { label: 'Default encryption', value: ENCRYPTION[data.encryption] ?? data.encryption },
            ...(data.keyId === undefined ? [] : [{ label: 'KMS key', value: data.keyId }]),
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">Bucket policy</Header>}>
        {data.policy === undefined ? (
          <Box color="text-body-secondary">
            This bucket has no policy: the policies of users and roles decide alone.
          </Box>
        ) : (
          <Box variant="code">
            <pre className="command">{pretty(data.policy)}</pre>
          </Box>
        )}
      </Container>
      <Container
        header={
          <Header variant="h2" counter={`(${data.lifecycle.length})`}>
            Lifecycle rules
          </Header>
        }
      >
        {data.lifecycle.length === 0 ? (
          <Box color="text-body-secondary">No rules: objects stay until somebody removes them.</Box>
        ) : (
          <Box variant="code">
            <pre className="command">{JSON.stringify(data.lifecycle, null, 2)}</pre>
          </Box>
        )}
      </Container>
    </SpaceBetween>
  )
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2)
}
