/** The beginning of an object as rows or text: JSON lines, CSV and text, also inside gzip, and Parquet. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Spinner from '@cloudscape-design/components/spinner'
import Table from '@cloudscape-design/components/table'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorAlert } from '../../components/errors.tsx'
import { bytesText, countText } from '../../components/figures.ts'
import type { ObjectAddress } from '../../drivers/s3.ts'
import { type Previewed, previewOf, READ_BYTES } from './preview-content.ts'

export function Preview({ address, sizeBytes }: { readonly address: ObjectAddress; readonly sizeBytes: number }) {
  const [isWanted, setWanted] = useState(sizeBytes <= 16 * READ_BYTES)
  const { data, error, isFetching } = useQuery({
    queryKey: ['preview', address],
    queryFn: () => previewOf(address, sizeBytes),
    enabled: isWanted && sizeBytes > 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={data === undefined ? undefined : descriptionOf(data)}
          actions={!isWanted && <Button onClick={() => setWanted(true)}>Show the beginning</Button>}
        >
          Preview
        </Header>
      }
    >
      {sizeBytes === 0 && <Box color="text-body-secondary">The object is empty.</Box>}
      {isFetching && <Spinner />}
      <ErrorAlert error={error} title="There is no preview" />
      {data !== undefined && <Content content={data} />}
    </Container>
  )
}

function descriptionOf({ format, isCut, ...content }: Previewed): string {
  if (content.kind !== 'rows') return isCut ? `${format}, the first ${bytesText(READ_BYTES)} at most` : format
  const rows = countText(content.rows.length, 'row')
  return isCut ? `${format}: the first ${rows}` : `${format}: ${rows}`
}

function Content({ content }: { readonly content: Previewed }) {
  if (content.kind === 'binary')
    return <Alert type="info">This is no text and no format that is shown here. Download it instead.</Alert>
  if (content.kind === 'text')
    return (
      <Box variant="code">
        <pre className="command">{content.text}</pre>
      </Box>
    )
  return (
    <Table
      variant="embedded"
      items={[...content.rows]}
      resizableColumns={true}
      ariaLabels={{ tableLabel: 'Preview' }}
      columnDefinitions={content.columns.map((name, index) => ({
        id: `${index}`,
        header: name,
        width: 200,
        cell: (row: readonly (string | null)[]) => row[index] ?? <Box color="text-status-inactive">null</Box>,
      }))}
    />
  )
}
