/** Saved queries of a workgroup. */
import type { NamedQuery } from '@aws-sdk/client-athena'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDelete } from '../../components/confirm-delete.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Link, LinkButton } from '../../components/link.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { deleteSavedQuery, savedQueries, workgroups } from '../../drivers/athena.ts'

export function SavedPage() {
  useTitle('Saved queries')
  const list = useQuery({
    queryKey: ['saved'],
    queryFn: async () => (await Promise.all((await workgroups()).map(({ Name = '' }) => savedQueries(Name)))).flat(),
  })
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly NamedQuery[]>([])
  const [isDeleting, setDeleting] = useState(false)
  const one = selected[0]
  return (
    <>
      <ResourceTable
        variant="full-page"
        title="Saved queries"
        noun="saved query"
        items={list.data}
        error={list.error}
        keyOf={({ NamedQueryId = '' }) => NamedQueryId}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        columns={[
          {
            id: 'name',
            header: 'Name',
            cell: ({ Name, QueryString = '', Database = '' }) => (
              <Link
                to={`/athena/editor?database=${encodeURIComponent(Database)}&sql=${encodeURIComponent(QueryString)}`}
              >
                {Name}
              </Link>
            ),
            value: ({ Name }) => Name,
          },
          {
            id: 'description',
            header: 'Description',
            cell: ({ Description }) => Description || '–',
            value: ({ Description }) => Description,
          },
          {
            id: 'query',
            header: 'Query',
            cell: ({ QueryString = '' }) => (
              <code title={QueryString}>{QueryString.replace(/\s+/g, ' ').slice(0, 160)}</code>
            ),
            value: ({ QueryString }) => QueryString,
            width: 420,
          },
          { id: 'database', header: 'Database', cell: ({ Database }) => Database, value: ({ Database }) => Database },
          {
            id: 'workgroup',
            header: 'Workgroup',
            cell: ({ WorkGroup }) => WorkGroup ?? 'primary',
            value: ({ WorkGroup }) => WorkGroup,
          },
        ]}
        empty={
          <EmptyState title="No saved queries" action={<LinkButton to="/athena/editor">Open the editor</LinkButton>}>
            Save in the editor keeps a query here.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button disabled={one === undefined} onClick={() => setDeleting(true)}>
              Delete
            </Button>
          </SpaceBetween>
        }
      />
      {isDeleting && one !== undefined && (
        <ConfirmDelete
          title="Delete saved query"
          name={one.Name ?? ''}
          onDismiss={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteSavedQuery(one.NamedQueryId ?? '')
            setDeleting(false)
            setSelected([])
            notices.success(`The query ${one.Name} is deleted.`)
            await list.refetch()
          }}
        >
          It cannot be brought back.
        </ConfirmDelete>
      )}
    </>
  )
}
