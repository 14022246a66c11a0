/** Makes a crawler: where it looks, with which role, when, and into which database it writes. */

import type { CreateCrawlerRequest } from '@aws-sdk/client-glue'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { CliCommand, shellJson, shellText } from '../../../components/cli-command.tsx'
import { cronWords } from '../../../components/cron.ts'
import { ErrorAlert } from '../../../components/errors.tsx'
import { LinkButton, part } from '../../../components/link.tsx'
import { useNotices } from '../../../components/notifications.tsx'
import { Page } from '../../../components/page.tsx'
import { RoleField, useRole } from '../../../components/role-field.tsx'
import { useWork } from '../../../components/use-work.ts'
import { createCrawler, databases } from '../../../drivers/glue.ts'
import { buckets } from '../../../drivers/s3.ts'

const SCHEDULES = [
  { value: '', label: 'On demand' },
  { value: 'cron(0 * * * ? *)', label: 'Hourly' },
  { value: 'cron(0 3 * * ? *)', label: 'Daily at 03:00' },
  { value: 'cron(0 3 ? * MON *)', label: 'Weekly, Monday at 03:00' },
  { value: 'other', label: 'Custom' },
]

export function CreateCrawlerPage() {
  const [search] = useSearchParams()
  const [name, setName] = useState('')
  const [path, setPath] = useState(search.get('path') ?? '')
  const [database, setDatabase] = useState('')
  const [schedule, setSchedule] = useState('')
  const [cron, setCron] = useState('cron(0 3 * * ? *)')
  const [inherits, setInherits] = useState(true)
  const { isBusy, error, run } = useWork()
  const bucketList = useQuery({ queryKey: ['buckets'], queryFn: buckets })
  const databaseList = useQuery({ queryKey: ['databases'], queryFn: databases })
  const navigate = useNavigate()
  const notices = useNotices()
  const queries = useQueryClient()

  const location = normalised(path)
  const pathProblem =
    path !== '' && location === undefined ? 'A path begins with s3:// and the name of a bucket.' : undefined
  const bucket = location?.split('/')[2] ?? ''
  const role = useRole('glue.amazonaws.com', `AWSGlueServiceRole-${name || 'crawler'}`)
  const expression = schedule === 'other' ? cron : schedule
  const cronProblem =
    expression !== '' && cronWords(expression) === undefined ? 'cron(minute hour day month weekday year)' : undefined
  const isWhole = name !== '' && location !== undefined && database !== '' && cronProblem === undefined
  const request = (Role: string): CreateCrawlerRequest => ({
    Name: name,
    Role,
    DatabaseName: database,
    Targets: { S3Targets: [{ Path: location ?? '' }] },
    ...(expression !== '' && { Schedule: expression }),
    ...(inherits && {
      Configuration: JSON.stringify({
        Version: 1,
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } },
      }),
    }),
  })

  const create = async () => {
    await run(async () => {
      await createCrawler(request(await role.arnFor(bucket)))
      await queries.invalidateQueries({ queryKey: ['crawlers'] })
      notices.success(`Crawler ${name} is made. Run it to fill the catalog.`)
      navigate(`/glue/crawlers/${part(name)}`)
    })
  }

  return (
    <Page title="Add crawler">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) void create()
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <LinkButton to="/glue/crawlers" variant="link">
                Cancel
              </LinkButton>
              <Button variant="primary" loading={isBusy} disabled={!isWhole}>
                Create crawler
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <ErrorAlert error={error} title="The crawler was not made" />
            <Container header={<Header variant="h2">Crawler</Header>}>
              <FormField label="Name">
                <Input
                  value={name}
                  autoFocus
                  placeholder="how-kinesis"
                  onChange={({ detail }) => setName(detail.value)}
                />
              </FormField>
            </Container>
            <Container header={<Header variant="h2">Data source: S3</Header>}>
              <FormField
                label="Include path"
                errorText={pathProblem}
                constraintText="A folder of a bucket: s3://how.raw/events"
              >
                <Autosuggest
                  value={path}
                  onChange={({ detail }) => setPath(detail.value)}
                  placeholder="s3://how.raw/events"
                  enteredTextLabel={(text) => `Use ${text}`}
                  empty="No buckets"
                  options={(bucketList.data ?? []).map(({ Name }) => ({ value: `s3://${Name}/` }))}
                />
              </FormField>
            </Container>
            <Container header={<Header variant="h2">IAM role</Header>}>
              <RoleField
                role={role}
                description="With it the crawler reads the bucket and writes the catalog."
                rights="With the rights to read this bucket and to use Glue"
              />
            </Container>
            <Container header={<Header variant="h2">Output and schedule</Header>}>
              <SpaceBetween size="m">
                <FormField label="Database" constraintText="One that is not there is made by the first run.">
                  <Autosuggest
                    value={database}
                    onChange={({ detail }) => setDatabase(detail.value)}
                    placeholder="how-kinesis"
                    enteredTextLabel={(text) => `Use ${text}`}
                    empty="No databases yet"
                    options={(databaseList.data ?? []).map(({ Name = '' }) => ({ value: Name }))}
                  />
                </FormField>
                <Checkbox checked={inherits} onChange={({ detail }) => setInherits(detail.checked)}>
                  Update all new and existing partitions with metadata from the table
                </Checkbox>
                <FormField
                  label="Schedule"
                  description={expression === '' ? 'It runs when somebody starts it.' : cronWords(expression)}
                  errorText={cronProblem}
                >
                  <SpaceBetween size="xs">
                    <Select
                      selectedOption={SCHEDULES.find(({ value }) => value === schedule) ?? SCHEDULES[0] ?? null}
                      onChange={({ detail }) => setSchedule(detail.selectedOption.value ?? '')}
                      options={SCHEDULES}
                    />
                    {schedule === 'other' && (
                      <Input
                        value={cron}
                        ariaLabel="Cron expression"
                        onChange={({ detail }) => setCron(detail.value)}
                      />
                    )}
                  </SpaceBetween>
                </FormField>
              </SpaceBetween>
            </Container>
            <CliCommand
              lines={[
                `aws glue create-crawler --name ${shellText(name || 'NAME')} --cli-input-json ${shellJson(request(role.shownArn))}`,
              ]}
            />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  )
}

/** `bucket/folder` and `s3://bucket/folder` alike. undefined: neither. */
function normalised(path: string): string | undefined {
  const whole = path.startsWith('s3://') ? path : `s3://${path}`
  return /^s3:\/\/[a-z0-9][a-z0-9.-]+[a-z0-9](\/.*)?$/.test(whole) ? whole : undefined
}
