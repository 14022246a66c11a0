/** The list of workgroups. */
import type { WorkGroup } from '@aws-sdk/client-athena'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CliCommand, shellText } from '../../components/cli-command.tsx'
import { ConfirmDelete } from '../../components/confirm-delete.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/errors.tsx'
import { timeText } from '../../components/figures.ts'
import { Link, part } from '../../components/link.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { useTitle } from '../../components/page.tsx'
import { ResourceTable } from '../../components/resource-table.tsx'
import { useWork } from '../../components/use-work.ts'
import { createWorkgroup, deleteWorkgroup, workgroups } from '../../drivers/athena.ts'

export function WorkgroupsPage() {
  useTitle('Workgroups')
  const list = useQuery({ queryKey: ['workgroups'], queryFn: workgroups })
  const queries = useQueryClient()
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly WorkGroup[]>([])
  const [asked, setAsked] = useState<'create' | 'delete'>()
  const name = selected[0]?.Name ?? ''
  const done = async (text: string) => {
    setAsked(undefined)
    setSelected([])
    notices.success(text)
    await queries.invalidateQueries({ queryKey: ['workgroups'] })
  }
  return (
    <>
      <ResourceTable
        variant="full-page"
        title="Workgroups"
        noun="workgroup"
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
            width: 260,
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
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button disabled={name === '' || name === 'primary'} onClick={() => setAsked('delete')}>
              Delete
            </Button>
            <Button variant="primary" onClick={() => setAsked('create')}>
              Create workgroup
            </Button>
          </SpaceBetween>
        }
      />
      {asked === 'create' && (
        <CreateWorkgroup
          onDismiss={() => setAsked(undefined)}
          onCreated={(made) => done(`Workgroup ${made} is made.`)}
        />
      )}
      {asked === 'delete' && (
        <ConfirmDelete
          title="Delete workgroup"
          name={name}
          onDismiss={() => setAsked(undefined)}
          onConfirm={async () => {
            await deleteWorkgroup(name)
            await done(`Workgroup ${name} is deleted.`)
          }}
        >
          The workgroup goes with its history, its saved queries and its prepared statements. Results in S3 stay.
        </ConfirmDelete>
      )}
    </>
  )
}

interface CreateWorkgroupProps {
  readonly onDismiss: () => void
  readonly onCreated: (name: string) => Promise<void>
}

function CreateWorkgroup({ onDismiss, onCreated }: CreateWorkgroupProps) {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [location, setLocation] = useState('')
  const { isBusy, error, run } = useWork()
  const isWhole = /^[\w.-]{1,128}$/.test(name) && (location === '' || /^s3:\/\/[a-z0-9]/.test(location))
  const create = () =>
    run(async () => {
      await createWorkgroup(name, description, location)
      await onCreated(name)
    })
  return (
    <Modal
      visible={true}
      header="Create workgroup"
      closeAriaLabel="Close"
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!isWhole} loading={isBusy} onClick={() => void create()}>
              Create
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) void create()
        }}
      >
        <SpaceBetween size="m">
          <FormField label="Name" constraintText="Letters, digits, dots, hyphens and underscores">
            <Input value={name} autoFocus placeholder="how" onChange={({ detail }) => setName(detail.value)} />
          </FormField>
          <FormField label="Description" constraintText="Not needed">
            <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
          </FormField>
          <FormField
            label="Location of query results"
            constraintText="A new workgroup decides alone where its results go; its settings can change that."
          >
            <Input
              value={location}
              placeholder="s3://how.results/"
              onChange={({ detail }) => setLocation(detail.value)}
            />
          </FormField>
          <ErrorAlert error={error} title="The workgroup was not made" />
          <CliCommand
            lines={[
              `aws athena create-work-group --name ${shellText(name || 'NAME')}${location === '' ? '' : ` --configuration ResultConfiguration={OutputLocation=${shellText(location)}}`}`,
            ]}
          />
        </SpaceBetween>
      </form>
    </Modal>
  )
}
