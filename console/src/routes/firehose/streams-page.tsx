/** The list of delivery streams. */
import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDelete } from '../../components/confirm-delete.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { timeText } from '../../components/figures.ts'
import { Link, LinkButton, part } from '../../components/link.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { deleteStream, streams } from '../../drivers/firehose.ts'
import { bucketOf, StreamState, sourceText, transformationText } from './stream-text.tsx'

export function StreamsPage() {
  useTitle('Delivery streams')
  const list = useQuery({
    queryKey: ['streams'],
    queryFn: streams,
    refetchInterval: ({ state }) =>
      state.data?.some(({ DeliveryStreamStatus }) => DeliveryStreamStatus !== 'ACTIVE') ? 1_000 : 15_000,
  })
  const queries = useQueryClient()
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly DeliveryStreamDescription[]>([])
  const [isDeleting, setDeleting] = useState(false)
  const name = selected[0]?.DeliveryStreamName ?? ''
  return (
    <>
      <ResourceTable
        variant="full-page"
        title="Delivery streams"
        noun="delivery stream"
        description="A delivery stream takes records from producers and writes them into a bucket, in batches."
        items={list.data}
        error={list.error}
        keyOf={({ DeliveryStreamName = '' }) => DeliveryStreamName}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: 'name',
            header: 'Name',
            cell: ({ DeliveryStreamName = '' }) => (
              <Link to={`/firehose/streams/${part(DeliveryStreamName)}`}>{DeliveryStreamName}</Link>
            ),
            value: ({ DeliveryStreamName }) => DeliveryStreamName,
          },
          {
            id: 'state',
            header: 'Status',
            cell: (one) => <StreamState of={one} />,
            value: ({ DeliveryStreamStatus }) => DeliveryStreamStatus,
          },
          {
            id: 'created',
            header: 'Creation time',
            cell: ({ CreateTimestamp }) => timeText(CreateTimestamp),
            value: ({ CreateTimestamp }) => CreateTimestamp?.getTime(),
            width: 225,
          },
          { id: 'source', header: 'Source', cell: sourceText, value: sourceText },
          { id: 'transformation', header: 'Data transformation', cell: transformationText, value: transformationText },
          { id: 'destination', header: 'Destination type', cell: () => 'Amazon S3', value: () => 'Amazon S3' },
          {
            id: 'bucket',
            header: 'Destination',
            cell: (one) => <Link to={`/s3/buckets/${part(bucketOf(one))}`}>{bucketOf(one)}</Link>,
            value: bucketOf,
          },
        ]}
        empty={
          <EmptyState
            title="No delivery streams"
            action={<LinkButton to="/firehose/streams/create">Create delivery stream</LinkButton>}
          >
            Make one, and producers can put their events to it.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button disabled={name === ''} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <LinkButton to="/firehose/streams/create" variant="primary">
              Create delivery stream
            </LinkButton>
          </SpaceBetween>
        }
      />
      {isDeleting && (
        <ConfirmDelete
          title="Delete delivery stream"
          name={name}
          onDismiss={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteStream(name)
            setDeleting(false)
            setSelected([])
            notices.success(`Delivery stream ${name} is being deleted.`)
            await queries.invalidateQueries({ queryKey: ['streams'] })
          }}
        >
          Producers can put nothing to it any more. What it has taken is delivered first; objects in S3 stay.
        </ConfirmDelete>
      )}
    </>
  )
}
