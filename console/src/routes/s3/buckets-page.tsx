/** The list of buckets. */

import type { Bucket } from '@aws-sdk/client-s3'
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
import { buckets, deleteBucket } from '../../drivers/s3.ts'
import { EmptyBucket } from './empty-bucket.tsx'

export function BucketsPage() {
  useTitle('Buckets')
  const list = useQuery({ queryKey: ['buckets'], queryFn: buckets })
  const queries = useQueryClient()
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly Bucket[]>([])
  const [asked, setAsked] = useState<'delete' | 'empty'>()
  const name = selected[0]?.Name ?? ''
  const none = selected.length === 0
  return (
    <>
      <ResourceTable
        variant="full-page"
        title="Buckets"
        noun="bucket"
        items={list.data}
        error={list.error}
        keyOf={({ Name = '' }) => Name}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: 'name',
            header: 'Name',
            cell: ({ Name = '' }) => <Link to={`/s3/buckets/${part(Name)}`}>{Name}</Link>,
            value: ({ Name }) => Name,
          },
          {
            id: 'region',
            header: 'AWS Region',
            cell: ({ BucketRegion }) => BucketRegion ?? '–',
            value: ({ BucketRegion }) => BucketRegion,
          },
          {
            id: 'created',
            header: 'Creation date',
            cell: ({ CreationDate }) => timeText(CreationDate),
            value: ({ CreationDate }) => CreationDate?.getTime(),
            width: 225,
          },
        ]}
        empty={
          <EmptyState title="No buckets" action={<LinkButton to="/s3/create">Create bucket</LinkButton>}>
            A bucket holds the objects of the lake. Make one for the data that streams deliver.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button disabled={none} onClick={() => setAsked('empty')}>
              Empty
            </Button>
            <Button disabled={none} onClick={() => setAsked('delete')}>
              Delete
            </Button>
            <LinkButton to="/s3/create" variant="primary">
              Create bucket
            </LinkButton>
          </SpaceBetween>
        }
      />
      {asked === 'delete' && (
        <ConfirmDelete
          title="Delete bucket"
          name={name}
          onDismiss={() => setAsked(undefined)}
          onConfirm={async () => {
            await deleteBucket(name)
            setAsked(undefined)
            setSelected([])
            notices.success(`Bucket ${name} is deleted.`)
            await queries.invalidateQueries({ queryKey: ['buckets'] })
          }}
        >
          A deleted bucket cannot be brought back. It must be empty.
        </ConfirmDelete>
      )}
      {asked === 'empty' && <EmptyBucket bucket={name} onDone={() => setAsked(undefined)} />}
    </>
  )
}
