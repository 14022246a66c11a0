/** Saves the query of a tab under a name: a new one, or the one that it was opened from. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorAlert } from '../../components/errors.tsx'
import { useWork } from '../../components/use-work.ts'
import { saveQuery } from '../../drivers/athena.ts'
import type { EditorTab } from './editor/tabs-store.ts'

interface SaveQueryProps {
  readonly tab: EditorTab
  readonly database: string | undefined
  readonly workgroup: string
  readonly onDismiss: () => void
  readonly onSaved: (id: string, name: string) => void
}

export function SaveQuery({ tab, database, workgroup, onDismiss, onSaved }: SaveQueryProps) {
  const [name, setName] = useState(tab.title)
  const [description, setDescription] = useState('')
  const { isBusy, error, run } = useWork()
  const queries = useQueryClient()
  const save = async (isNew: boolean) => {
    if (name.trim() === '') return
    await run(async () => {
      const id = await saveQuery({
        ...(!isNew && tab.savedId !== undefined && { id: tab.savedId }),
        name,
        ...(description !== '' && { description }),
        sql: tab.sql,
        database: database ?? 'default',
        workgroup,
      })
      await queries.invalidateQueries({ queryKey: ['saved'] })
      onSaved(id, name)
    })
  }
  return (
    <Modal
      visible={true}
      header="Save query"
      closeAriaLabel="Close"
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              Cancel
            </Button>
            {tab.savedId !== undefined && (
              <Button loading={isBusy} onClick={() => void save(true)}>
                Save as new
              </Button>
            )}
            <Button variant="primary" loading={isBusy} disabled={name.trim() === ''} onClick={() => void save(false)}>
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save(false)
        }}
      >
        <SpaceBetween size="m">
          <FormField label="Name">
            <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
          </FormField>
          <FormField label="Description" constraintText="Not needed">
            <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
          </FormField>
          <ErrorAlert error={error} title="The query was not saved" />
        </SpaceBetween>
      </form>
    </Modal>
  )
}
