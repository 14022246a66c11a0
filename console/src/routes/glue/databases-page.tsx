/** The list of databases. */
import type { Database } from '@aws-sdk/client-glue'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
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
import { createDatabase, databases, deleteDatabase } from '../../drivers/glue.ts'

export function DatabasesPage() {
  useTitle('Databases')
  const list = useQuery({ queryKey: ['databases'], queryFn: databases })
  const queries = useQueryClient()
  const notices = useNotices()
  const [selected, setSelected] = useState<readonly Database[]>([])
  const [asked, setAsked] = useState<'create' | 'delete'>()
  const name = selected[0]?.Name ?? ''
  const create = (
    <Button variant="primary" onClick={() => setAsked('create')}>
      Add database
    </Button>
  )
  return (
    <>
      <ResourceTable
        variant="full-page"
        title="Databases"
        noun="database"
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
            cell: ({ Name = '' }) => <Link to={`/glue/databases/${part(Name)}`}>{Name}</Link>,
            value: ({ Name }) => Name,
          },
          {
            id: 'description',
            header: 'Description',
            cell: ({ Description }) => Description ?? '–',
            value: ({ Description }) => Description,
          },
          {
            id: 'location',
            header: 'Location',
            cell: ({ LocationUri }) => LocationUri || '–',
            value: ({ LocationUri }) => LocationUri,
          },
          {
            id: 'created',
            header: 'Created',
            cell: ({ CreateTime }) => timeText(CreateTime),
            value: ({ CreateTime }) => CreateTime?.getTime(),
            width: 225,
          },
        ]}
        empty={
          <EmptyState title="No databases" action={create}>
            A database holds tables. A crawler can make one, or add it here.
          </EmptyState>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
            <Button disabled={name === ''} onClick={() => setAsked('delete')}>
              Delete
            </Button>
            {create}
          </SpaceBetween>
        }
      />
      {asked === 'create' && (
        <CreateDatabase
          onDismiss={() => setAsked(undefined)}
          onCreated={async (made) => {
            setAsked(undefined)
            notices.success(`Database ${made} is made.`)
            await queries.invalidateQueries({ queryKey: ['databases'] })
          }}
        />
      )}
      {asked === 'delete' && (
        <ConfirmDelete
          title="Delete database"
          name={name}
          onDismiss={() => setAsked(undefined)}
          onConfirm={async () => {
            await deleteDatabase(name)
            setAsked(undefined)
            setSelected([])
            notices.success(`Database ${name} is deleted.`)
            await queries.invalidateQueries({ queryKey: ['databases'] })
          }}
        >
          The database goes with its tables and their partitions. Objects in S3 stay.
        </ConfirmDelete>
      )}
    </>
  )
}

function CreateDatabase({
  onDismiss,
  onCreated,
}: {
  readonly onDismiss: () => void
  readonly onCreated: (name: string) => Promise<void>
}) {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const { isBusy, error, run } = useWork()
  const create = async () => {
    if (name === '') return
    await run(async () => {
      await createDatabase(name, description)
      await onCreated(name)
    })
  }
  return (
    <Modal
      visible={true}
      header="Add database"
      closeAriaLabel="Close"
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              Cancel
            </Button>
            <Button variant="primary" disabled={name === ''} loading={isBusy} onClick={() => void create()}>
              Add
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void create()
        }}
      >
        <SpaceBetween size="m">
          <FormField label="Name">
            <Input value={name} autoFocus placeholder="how-kinesis" onChange={({ detail }) => setName(detail.value)} />
          </FormField>
          <FormField label="Description" constraintText="Not needed">
            <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
          </FormField>
          <ErrorAlert error={error} title="The database was not made" />
          <CliCommand lines={[`aws glue create-database --database-input Name=${shellText(name || 'NAME')}`]} />
        </SpaceBetween>
      </form>
    </Modal>
  )
}
