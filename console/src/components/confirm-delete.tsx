/** What cannot be undone is confirmed by typing its name. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, useState } from 'react'
import { ErrorAlert } from './errors.tsx'
import { useWork } from './use-work.ts'

interface ConfirmDeleteProps {
  /** "Delete bucket" */
  readonly title: string
  /** Must be typed. */
  readonly name: string
  /** What will be gone. */
  readonly children: ReactNode
  readonly action?: string
  readonly onConfirm: () => Promise<void>
  readonly onDismiss: () => void
}

export function ConfirmDelete({ title, name, children, action = 'Delete', onConfirm, onDismiss }: ConfirmDeleteProps) {
  const [typed, setTyped] = useState('')
  const { isBusy, error, run } = useWork()
  const confirm = async () => {
    if (typed !== name) return
    await run(async () => {
      await onConfirm()
    })
  }
  return (
    <Modal
      visible={true}
      header={title}
      closeAriaLabel="Close"
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              Cancel
            </Button>
            <Button variant="primary" disabled={typed !== name} loading={isBusy} onClick={confirm}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{children}</Alert>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void confirm()
          }}
        >
          <FormField label={`To confirm, type ${name}`}>
            <Input value={typed} autoFocus placeholder={name} onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
        </form>
        <ErrorAlert error={error} title="It could not be done" />
      </SpaceBetween>
    </Modal>
  )
}
