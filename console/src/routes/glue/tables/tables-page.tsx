/** The tables of one database, or of all. */
import type { Table } from '@aws-sdk/client-glue'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { ConfirmDelete } from '../../../components/confirm-delete.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { timeText } from '../../../components/figures.ts'
import { Link, LinkButton, part } from '../../../components/link.tsx'
import { useNotices } from '../../../components/notifications.tsx'
import { useTitle } from '../../../components/page.tsx'
import { ResourceTable } from '../../../components/resource-table.tsx'
import { databases, deleteTable, tables } from '../../../drivers/glue.ts'
import { editorLink } from '../../athena/editor-link.ts'

async function allTables(): Promise<readonly Table[]> {
  const lists = await Promise.all((await databases()).map(({ Name = '' }) => tables(Name)))
  return lists.flat()
}

export function TablesPage() {
  const { database } = useParams()
  useTitle(database ?? 'Tables')
  const list = useQuery({
    queryKey: ['tables', database],
    queryFn: () => (database === undefined ? allTables() : tables(database)),
  })
  const queries = useQueryClient()
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly Table[]>([])
  const [isDeleting, setDeleting] = useState(false)
  const one = selected[0]
  const address = one && { database: one.DatabaseName ?? '', name: one.Name ?? '' }
  return (
    <>
      <ResourceTable
        variant="full-page"
        title={database === undefined ? 'Tables' : `Tables of ${database}`}
        noun="table"
        items={list.data}
        error={list.error}
        keyOf={({ DatabaseName, Name }) => `${DatabaseName}.${Name}`}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: 'name',
            header: 'Name',
            cell: ({ DatabaseName = '', Name = '' }) => (
              <Link to={`/glue/databases/${part(DatabaseName)}/${part(Name)}`}>{Name}</Link>
            ),
            value: ({ Name }) => Name,
          },
          ...(database === undefined
            ? [
                {
                  id: 'database',
                  header: 'Database',
                  cell: ({ DatabaseName = '' }: Table) => (
                    <Link to={`/glue/databases/${part(DatabaseName)}`}>{DatabaseName}</Link>
                  ),
                  value: ({ DatabaseName }: Table) => DatabaseName,
                },
              ]
            : []),
          {
            id: 'location',
            header: 'Location',
            cell: ({ StorageDescriptor }) => StorageDescriptor?.Location || '–',
            value: ({ StorageDescriptor }) => StorageDescriptor?.Location,
            width: 320,
          },
          {
            id: 'classification',
            header: 'Classification',
            cell: classificationOf,
            value: classificationOf,
          },
          {
            id: 'keys',
            header: 'Partition keys',
            cell: ({ PartitionKeys = [] }) => PartitionKeys.map(({ Name }) => Name).join(', ') || '–',
            value: ({ PartitionKeys = [] }) => PartitionKeys.map(({ Name }) => Name).join(', '),
          },
          {
            id: 'updated',
            header: 'Last updated',
            cell: ({ UpdateTime }) => timeText(UpdateTime),
            value: ({ UpdateTime }) => UpdateTime?.getTime(),
            width: 225,
          },
        ]}
        empty={
          <EmptyState title="No tables" action={<LinkButton to="/glue/crawlers/create">Create crawler</LinkButton>}>
            A crawler looks into a bucket and makes the tables it finds there; CREATE EXTERNAL TABLE in the query editor
            makes one by hand.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button disabled={address === undefined} onClick={() => setDeleting(true)}>
              Delete
            </Button>
            <LinkButton
              disabled={address === undefined}
              to={address === undefined ? '/athena/editor' : editorLink(address.database, address.name)}
              variant="primary"
            >
              Query this
            </LinkButton>
          </SpaceBetween>
        }
      />
      {isDeleting && address !== undefined && (
        <ConfirmDelete
          title="Delete table"
          name={address.name}
          onDismiss={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteTable(address.database, address.name)
            setDeleting(false)
            setSelected([])
            notices.success(`Table ${address.name} is deleted.`)
            await queries.invalidateQueries({ queryKey: ['tables'] })
          }}
        >
          The table goes with its partitions and versions. Objects in S3 stay.
        </ConfirmDelete>
      )}
    </>
  )
}

export function classificationOf({ Parameters, TableType }: Table): string {
  return Parameters?.['classification'] ?? (TableType === 'VIRTUAL_VIEW' ? 'view' : '–')
}
