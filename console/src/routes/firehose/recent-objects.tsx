/** What the stream has delivered last. */
import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose'
import { useQuery } from '@tanstack/react-query'
import { EmptyState } from '../../components/empty-state.tsx'
import { bytesText, timeText } from '../../components/figures.ts'
import { Link, part } from '../../components/link.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { fixedPart, newestObjects } from './newest-objects.ts'
import { bucketOf, destinationOf } from './stream-text.tsx'

export function RecentObjects({ stream }: { readonly stream: DeliveryStreamDescription }) {
  const bucket = bucketOf(stream)
  const prefix = fixedPart(destinationOf(stream)?.Prefix ?? '')
  const list = useQuery({
    queryKey: ['recent', bucket, prefix],
    queryFn: () => newestObjects(bucket, prefix, 50),
    refetchInterval: 5_000,
  })
  return (
    <ResourceTable
      title="Recent objects"
      noun="object"
      items={list.data}
      error={list.error}
      keyOf={({ key }) => key}
      sortedBy="modified"
      isDescending={true}
      empty={
        <EmptyState title="Nothing delivered yet">
          An object appears when the buffer is full or its time is up.
        </EmptyState>
      }
      columns={[
        {
          id: 'key',
          header: 'Object',
          cell: ({ key }) => <Link to={`/s3/buckets/${part(bucket)}/objects/${part(key)}`}>{key}</Link>,
          value: ({ key }) => key,
          width: 620,
        },
        { id: 'size', header: 'Size', cell: ({ size }) => bytesText(size), value: ({ size }) => size },
        {
          id: 'modified',
          header: 'Delivered',
          cell: ({ modified }) => timeText(modified),
          value: ({ modified }) => modified?.getTime(),
          width: 225,
        },
      ]}
    />
  )
}
