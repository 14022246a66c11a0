/** The settings of a workgroup. */
import type { WorkGroup } from '@aws-sdk/client-athena'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'react-router'
import { ErrorAlert } from '../../components/errors.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { Page } from '../../components/page.tsx'
import { useWork } from '../../components/use-work.ts'
import { updateWorkgroup, workgroup } from '../../drivers/athena.ts'

const MB = 1_000_000

export function WorkgroupPage() {
  const { workgroup: name = '' } = useParams()
  const found = useQuery({ queryKey: ['workgroup', name], queryFn: () => workgroup(name) })
  return (
    <Page title={name} description="Workgroup">
      <ErrorAlert error={found.error} title="The workgroup could not be read" onRetry={() => void found.refetch()} />
      {found.data === undefined && found.error === null && <Spinner size="large" />}
      {found.data !== undefined && <Settings key={JSON.stringify(found.data.Configuration)} of={found.data} />}
    </Page>
  )
}

function Settings({ of }: { readonly of: WorkGroup }) {
  const { Name = '', Configuration } = of
  const [location, setLocation] = useState(Configuration?.ResultConfiguration?.OutputLocation ?? '')
  const [isEnforced, setEnforced] = useState(Configuration?.EnforceWorkGroupConfiguration ?? false)
  const [encrypts, setEncrypts] = useState(
    Configuration?.ResultConfiguration?.EncryptionConfiguration?.EncryptionOption === 'SSE_S3',
  )
  const [cutoff, setCutoff] = useState(
    Configuration?.BytesScannedCutoffPerQuery === undefined
      ? ''
      : String(Configuration.BytesScannedCutoffPerQuery / MB),
  )
  const { isBusy, error, run } = useWork()
  const notices = useNotices()
  const queries = useQueryClient()
  const keyed = Configuration?.ResultConfiguration?.EncryptionConfiguration?.KmsKey
  const locationProblem =
    location !== '' && !/^s3:\/\/[a-z0-9]/.test(location) ? 'It begins with s3:// and the name of a bucket.' : undefined
  const cutoffProblem = cutoff !== '' && !(Number(cutoff) >= 10) ? 'At least 10 MB, or nothing.' : undefined
  const save = async () => {
    await run(async () => {
      await updateWorkgroup(Name, {
        EnforceWorkGroupConfiguration: isEnforced,
        ResultConfigurationUpdates: {
          ...(location === '' ? { RemoveOutputLocation: true } : { OutputLocation: location }),
          ...(keyed === undefined &&
            (encrypts
              ? { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } }
              : { RemoveEncryptionConfiguration: true })),
        },
        ...(cutoff === ''
          ? { RemoveBytesScannedCutoffPerQuery: true }
          : { BytesScannedCutoffPerQuery: Number(cutoff) * MB }),
      })
      notices.success(`Workgroup ${Name} is changed.`)
      await queries.invalidateQueries({ queryKey: ['workgroup', Name] })
      await queries.invalidateQueries({ queryKey: ['workgroups'] })
    })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (locationProblem === undefined && cutoffProblem === undefined) void save()
      }}
    >
      <Form
        actions={
          <Button
            variant="primary"
            loading={isBusy}
            disabled={locationProblem !== undefined || cutoffProblem !== undefined}
          >
            Save changes
          </Button>
        }
      >
        <SpaceBetween size="l">
          <ErrorAlert error={error} title="The workgroup was not changed" />
          <Container header={<Header variant="h2">Query results</Header>}>
            <SpaceBetween size="m">
              <FormField label="Location of query results" errorText={locationProblem}>
                <Input
                  value={location}
                  placeholder="s3://how.results/"
                  onChange={({ detail }) => setLocation(detail.value)}
                />
              </FormField>
              {keyed === undefined ? (
                <Checkbox checked={encrypts} onChange={({ detail }) => setEncrypts(detail.checked)}>
                  Encrypt results with SSE-S3 whatever their bucket does
                </Checkbox>
              ) : (
                <FormField label="Encryption of results">{`SSE-KMS with ${keyed}`}</FormField>
              )}
              <Checkbox
                checked={isEnforced}
                description="What queries say about their results is ignored"
                onChange={({ detail }) => setEnforced(detail.checked)}
              >
                Enforce these settings
              </Checkbox>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">Limits</Header>}>
            <FormField
              label="Data that one query may scan, MB"
              description="A query that would read more is cancelled. Empty: no limit."
              errorText={cutoffProblem}
            >
              <Input type="number" value={cutoff} onChange={({ detail }) => setCutoff(detail.value)} />
            </FormField>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}
