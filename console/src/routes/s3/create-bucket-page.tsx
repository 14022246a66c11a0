/** Makes a bucket. New ones block public access and encrypt with SSE-S3, as AWS's do; versioning is a choice. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { CliCommand, shellText } from '../../components/cli-command.tsx'
import { ErrorAlert } from '../../components/errors.tsx'
import { LinkButton, part } from '../../components/link.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { Page } from '../../components/page.tsx'
import { useWork } from '../../components/use-work.ts'
import { createBucket } from '../../drivers/s3.ts'

export function CreateBucketPage() {
  const [name, setName] = useState('')
  const [versioning, setVersioning] = useState('Enabled')
  const { isBusy, error, run } = useWork()
  const navigate = useNavigate()
  const notices = useNotices()
  const queries = useQueryClient()
  const problem = name === '' ? undefined : problemOf(name)
  const create = async () => {
    await run(async () => {
      await createBucket(name, { versioning: versioning === 'Enabled' })
      await queries.invalidateQueries({ queryKey: ['buckets'] })
      notices.success(`Bucket ${name} is made.`)
      navigate(`/s3/buckets/${part(name)}`)
    })
  }
  const commands = [
    `aws s3api create-bucket --bucket ${shellText(name || 'NAME')}`,
    ...(versioning === 'Enabled'
      ? [
          `aws s3api put-bucket-versioning --bucket ${shellText(name || 'NAME')} --versioning-configuration Status=Enabled`,
        ]
      : []),
  ]
  return (
    <Page title="Create bucket">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name !== '' && problem === undefined) void create()
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <LinkButton to="/s3/buckets" variant="link">
                Cancel
              </LinkButton>
              <Button variant="primary" loading={isBusy} disabled={name === '' || problem !== undefined}>
                Create bucket
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <ErrorAlert error={error} title="The bucket was not made" />
            <Container header={<Header variant="h2">General configuration</Header>}>
              <FormField
                label="Bucket name"
                constraintText="3 to 63 lower-case letters, digits, dots and hyphens; it begins and ends with a letter or digit."
                errorText={problem}
              >
                <Input value={name} autoFocus placeholder="how.raw" onChange={({ detail }) => setName(detail.value)} />
              </FormField>
            </Container>
            <Container header={<Header variant="h2">Bucket versioning</Header>}>
              <RadioGroup
                value={versioning}
                onChange={({ detail }) => setVersioning(detail.value)}
                ariaLabel="Bucket versioning"
                items={[
                  {
                    value: 'Enabled',
                    label: 'Enable',
                    description: 'Keeps every version of every object; deletes can be undone.',
                  },
                  { value: 'Disabled', label: 'Disable', description: 'A new object takes the place of the old one.' },
                ]}
              />
            </Container>
            <Alert type="info" header="Public access is blocked and objects are encrypted">
              <Box color="inherit">
                Like on AWS, a new bucket blocks all public access and encrypts with Amazon S3 managed keys (SSE-S3).
              </Box>
            </Alert>
            <CliCommand lines={commands} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  )
}

function problemOf(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return 'A name has 3 to 63 characters.'
  if (!/^[a-z0-9.-]+$/.test(name)) return 'Only lower-case letters, digits, dots and hyphens.'
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return 'It must begin and end with a letter or digit.'
  if (name.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(name))
    return 'It must not look like an IP address or hold two dots in a row.'
  return undefined
}
