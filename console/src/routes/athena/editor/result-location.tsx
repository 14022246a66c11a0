/** Before the first query: where results go. Kept as a setting of the workgroup, for everybody who uses it. */
import Alert from '@cloudscape-design/components/alert'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorAlert } from '../../../components/errors.tsx'
import { useNotices } from '../../../components/notifications.tsx'
import { useWork } from '../../../components/use-work.ts'
import { updateWorkgroup } from '../../../drivers/athena.ts'
import { buckets } from '../../../drivers/s3.ts'

export function ResultLocation({ workgroup, onSet }: { readonly workgroup: string; readonly onSet: () => void }) {
  const [location, setLocation] = useState('')
  const { isBusy, error, run } = useWork()
  const list = useQuery({ queryKey: ['buckets'], queryFn: buckets })
  const notices = useNotices()
  const isLocation = /^s3:\/\/[a-z0-9][a-z0-9.-]+/.test(location)
  const save = async () => {
    await run(async () => {
      await updateWorkgroup(workgroup, { ResultConfigurationUpdates: { OutputLocation: location } })
      notices.success(`Results of ${workgroup} go to ${location}.`)
      onSet()
    })
  }
  return (
    <Alert type="info" header="Before you run your first query, choose where its result goes">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isLocation) void save()
        }}
      >
        <SpaceBetween size="s">
          <FormField label="Location of query results" constraintText="A bucket, or a folder of it: s3://how.results/">
            <SpaceBetween direction="horizontal" size="xs">
              <Autosuggest
                value={location}
                placeholder="s3://how.results/"
                enteredTextLabel={(text) => `Use ${text}`}
                empty="No buckets yet"
                onChange={({ detail }) => setLocation(detail.value)}
                options={(list.data ?? []).map(({ Name }) => ({ value: `s3://${Name}/` }))}
              />
              <Button disabled={!isLocation} loading={isBusy}>
                Save location
              </Button>
            </SpaceBetween>
          </FormField>
          <ErrorAlert error={error} title="The location was not saved" />
        </SpaceBetween>
      </form>
    </Alert>
  )
}
