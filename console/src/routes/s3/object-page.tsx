/** An object: what it is, what is in it, its tags and metadata. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'react-router'
import { ErrorAlert } from '../../components/errors.tsx'
import { bytesText, timeText } from '../../components/figures.ts'
import { useNotices } from '../../components/notifications.tsx'
import { Page } from '../../components/page.tsx'
import { headObject, objectTags, presignedLink } from '../../drivers/s3.ts'
import { Preview } from './preview.tsx'

export function ObjectPage() {
  const { bucket = '', key = '' } = useParams()
  const [search] = useSearchParams()
  const versionId = search.get('version') ?? undefined
  const address = { bucket, key, ...(versionId !== undefined && { versionId }) }
  const notices = useNotices()
  const head = useQuery({ queryKey: ['object', bucket, key, versionId], queryFn: () => headObject(address) })
  const tags = useQuery({ queryKey: ['tags', bucket, key, versionId], queryFn: () => objectTags(address) })
  const copy = async (text: Promise<string> | string, what: string) => {
    try {
      await navigator.clipboard.writeText(await text)
      notices.success(`${what} is on the clipboard.`)
    } catch (failure) {
      notices.failure('It was not copied', failure)
    }
  }
  const download = async () => {
    try {
      location.assign(await presignedLink(address, 300, true))
    } catch (failure) {
      notices.failure('The object was not downloaded', failure)
    }
  }
  const name = key.slice(key.lastIndexOf('/') + 1)
  const metadata = Object.entries(head.data?.Metadata ?? {})
  return (
    <Page
      title={name}
      description={`s3://${bucket}/${key}`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="copy" onClick={() => void copy(`s3://${bucket}/${key}`, 'The S3 URI')}>
            Copy S3 URI
          </Button>
          <Button onClick={() => void copy(presignedLink(address, 3600), 'A link that is good for an hour')}>
            Copy presigned link
          </Button>
          <Button variant="primary" iconName="download" onClick={() => void download()}>
            Download
          </Button>
        </SpaceBetween>
      }
    >
      <ErrorAlert error={head.error} title="The object could not be read" onRetry={() => void head.refetch()} />
      {head.data === undefined && head.error === null && <Spinner size="large" />}
      {head.data !== undefined && (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Overview</Header>}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'Size', value: bytesText(head.data.ContentLength) },
                { label: 'Last modified', value: timeText(head.data.LastModified) },
                { label: 'Content type', value: head.data.ContentType ?? '–' },
                { label: 'Content encoding', value: head.data.ContentEncoding ?? '–' },
                { label: 'ETag', value: head.data.ETag?.replaceAll('"', '') ?? '–' },
                { label: 'Version ID', value: head.data.VersionId ?? '–' },
                { label: 'Storage class', value: head.data.StorageClass ?? 'Standard' },
                { label: 'Encryption', value: head.data.ServerSideEncryption ?? '–' },
              ]}
            />
          </Container>
          <Preview address={address} sizeBytes={head.data.ContentLength ?? 0} />
          <Container header={<Header variant="h2">Tags and metadata</Header>}>
            {metadata.length === 0 && (tags.data ?? []).length === 0 ? (
              <Box color="text-body-secondary">This object has no tags and no metadata of its own.</Box>
            ) : (
              <KeyValuePairs
                columns={3}
                items={[
                  ...(tags.data ?? []).map(({ Key, Value }) => ({ label: `Tag ${Key}`, value: Value || '–' })),
                  ...metadata.map(([label, value]) => ({ label: `x-amz-meta-${label}`, value })),
                ]}
              />
            )}
          </Container>
        </SpaceBetween>
      )}
    </Page>
  )
}
