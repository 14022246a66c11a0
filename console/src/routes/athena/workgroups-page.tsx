/** The list of workgroups. */
import Button from '@cloudscape-design/components/button'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery } from '@tanstack/react-query'
import { EmptyState } from '../../components/empty-state.tsx'
import { timeText } from '../../components/figures.ts'
import { Link, part } from '../../components/link.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { workgroups } from '../../drivers/athena.ts'

export function WorkgroupsPage() {
  useTitle('Workgroups')
  const list = useQuery({ queryKey: ['workgroups'], queryFn: workgroups })
  return (
    <ResourceTable
      variant="full-page"
      title="Workgroups"
      noun="workgroup"
      items={list.data}
      error={list.error}
      keyOf={({ Name = '' }) => Name}
      columns={[
        {
          id: 'name',
          header: 'Name',
          cell: ({ Name = '' }) => <Link to={`/athena/workgroups/${part(Name)}`}>{Name}</Link>,
          value: ({ Name }) => Name,
        },
        {
          id: 'description',
          header: 'Description',
          cell: ({ Description }) => Description || '–',
          value: ({ Description }) => Description,
        },
        {
          id: 'state',
          header: 'Status',
          cell: ({ State }) => (
            <StatusIndicator type={State === 'ENABLED' ? 'success' : 'stopped'}>
              {State === 'ENABLED' ? 'Turned on' : 'Turned off'}
            </StatusIndicator>
          ),
          value: ({ State }) => State,
        },
        {
          id: 'location',
          header: 'Location of results',
          cell: ({ Configuration }) => Configuration?.ResultConfiguration?.OutputLocation ?? 'Not set',
          value: ({ Configuration }) => Configuration?.ResultConfiguration?.OutputLocation,
        },
        {
          id: 'created',
          header: 'Created',
          cell: ({ CreationTime }) => timeText(CreationTime),
          value: ({ CreationTime }) => CreationTime?.getTime(),
          width: 225,
        },
      ]}
      empty={<EmptyState title="No workgroups" />}
      actions={<Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />}
    />
  )
}
