/** The result of a statement: its rows, searched and sorted, copied and downloaded, and as a chart. */
import type { QueryExecution } from '@aws-sdk/client-athena'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import { ErrorAlert } from '../../../components/errors.tsx'
import { numberText } from '../../../components/figures.ts'
import { useNotices } from '../../../components/notifications.tsx'
import { presignedLink } from '../../../drivers/s3.ts'
import { ResultChart } from './result-chart.tsx'
import { ResultGrid } from './result-grid.tsx'
import { type Sorting, sortedRows } from './rows.ts'
import { ROWS_MAX, useResult } from './use-result.ts'

export function Results({ of }: { readonly of: QueryExecution }) {
  const { columns, rows, isLoading, isCut, error } = useResult(of)
  const [view, setView] = useState('table')
  const [wanted, setWanted] = useState('')
  const [sorting, setSorting] = useState<Sorting>()
  const notices = useNotices()
  const found = useMemo(() => {
    const text = wanted.toLowerCase()
    return text === '' ? rows : rows.filter(({ cells }) => cells.some((cell) => cell?.toLowerCase().includes(text)))
  }, [rows, wanted])
  const shown = useMemo(() => sortedRows(found, sorting, columns), [found, sorting, columns])
  const copy = async () => {
    const lines = [columns.map(({ name }) => name), ...shown.map(({ cells }) => cells.map((cell) => cell ?? ''))]
    try {
      await navigator.clipboard.writeText(lines.map((line) => line.join('\t')).join('\n'))
      notices.success(`${numberText(shown.length)} rows are on the clipboard.`)
    } catch (failure) {
      notices.failure('The rows were not copied', failure)
    }
  }
  const download = async () => {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(of.ResultConfiguration?.OutputLocation ?? '') ?? []
    try {
      location.assign(await presignedLink({ bucket, key }, 300, true))
    } catch (failure) {
      notices.failure('The result was not downloaded', failure)
    }
  }
  const isRows = columns.length > 0
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={isLoading && rows.length === 0 ? undefined : `(${numberText(rows.length)}${isCut ? '+' : ''})`}
          description={
            isLoading && rows.length > 0
              ? 'More rows are on their way'
              : isCut
                ? `The first ${numberText(ROWS_MAX)} rows: download the result for all`
                : undefined
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {isRows && (
                <SegmentedControl
                  label="Show as"
                  selectedId={view}
                  onChange={({ detail }) => setView(detail.selectedId)}
                  options={[
                    { id: 'table', text: 'Table' },
                    { id: 'chart', text: 'Chart' },
                  ]}
                />
              )}
              <Button disabled={!isRows} onClick={() => void copy()}>
                Copy
              </Button>
              <Button iconName="download" onClick={() => void download()}>
                Download results
              </Button>
            </SpaceBetween>
          }
        >
          Results
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ErrorAlert error={error} title="The result could not be read" />
        {!isRows && !isLoading && error === undefined && (
          <Box color="text-body-secondary">Query successful. It has no rows to show.</Box>
        )}
        {isRows && view === 'table' && (
          <SpaceBetween size="s">
            <Input
              type="search"
              value={wanted}
              placeholder="Search rows"
              ariaLabel="Search rows"
              onChange={({ detail }) => setWanted(detail.value)}
            />
            <ResultGrid columns={columns} rows={shown} sorting={sorting} onSort={setSorting} />
          </SpaceBetween>
        )}
        {isRows && view === 'chart' && <ResultChart columns={columns} rows={found} />}
      </SpaceBetween>
    </Container>
  )
}
