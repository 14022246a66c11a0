/** A table: its columns, partitions, versions and what the catalog says of it. */
import type { Column, Table } from '@aws-sdk/client-glue'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Tabs from '@cloudscape-design/components/tabs'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorAlert } from '../../../components/errors.tsx'
import { numberText, timeText } from '../../../components/figures.ts'
import { Link, LinkButton, part } from '../../../components/link.tsx'
import { Page } from '../../../components/page.tsx'
import { ResourceTable } from '../../../components/resource-table.tsx'
import { partitions, table, tableVersions } from '../../../drivers/glue.ts'
import { editorLink } from '../../athena/editor-link.ts'
import { classificationOf } from './tables-page.tsx'
import { differences } from './version-differences.ts'

export function TablePage() {
  const { database = '', table: name = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const found = useQuery({ queryKey: ['table', database, name], queryFn: () => table(database, name) })
  return (
    <Page
      title={name}
      description={`Table of ${database}`}
      actions={
        <LinkButton variant="primary" to={editorLink(database, name)}>
          Query this
        </LinkButton>
      }
    >
      <ErrorAlert error={found.error} title="The table could not be read" onRetry={() => void found.refetch()} />
      {found.data === undefined && found.error === null && <Spinner size="large" />}
      {found.data !== undefined && (
        <SpaceBetween size="l">
          <Overview of={found.data} />
          <Tabs
            activeTabId={search.get('tab') ?? 'schema'}
            onChange={({ detail }) => setSearch(detail.activeTabId === 'schema' ? {} : { tab: detail.activeTabId })}
            tabs={[
              { id: 'schema', label: 'Schema', content: <Schema of={found.data} /> },
              { id: 'partitions', label: 'Partitions', content: <Partitions of={found.data} /> },
              { id: 'versions', label: 'Versions', content: <Versions database={database} name={name} /> },
              { id: 'properties', label: 'Properties', content: <Properties of={found.data} /> },
            ]}
          />
        </SpaceBetween>
      )}
    </Page>
  )
}

function Overview({ of }: { readonly of: Table }) {
  const { StorageDescriptor, Parameters = {} } = of
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(StorageDescriptor?.Location ?? '') ?? []
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const count = (name: string) => (Parameters[name] === undefined ? '–' : numberText(Number(Parameters[name])))
  return (
    <Container header={<Header variant="h2">Overview</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: 'Location',
            value:
              bucket === undefined ? (
                StorageDescriptor?.Location || '–'
              ) : (
                <Link to={`/s3/buckets/${part(bucket)}?prefix=${part(folder)}`}>{StorageDescriptor?.Location}</Link>
              ),
          },
          { label: 'Classification', value: classificationOf(of) },
          { label: 'Rows, as last crawled', value: count('recordCount') },
          { label: 'Objects, as last crawled', value: count('objectCount') },
          { label: 'Last updated', value: timeText(of.UpdateTime) },
          { label: 'Version', value: of.VersionId ?? '–' },
          { label: 'Compression', value: Parameters['compressionType'] ?? '–' },
          { label: 'Made by', value: of.CreatedBy?.replace(/^.*\//, '') ?? '–' },
        ]}
      />
    </Container>
  )
}

interface SchemaColumn extends Column {
  readonly at: number
  readonly isKey: boolean
}

function Schema({ of: { StorageDescriptor, PartitionKeys = [] } }: { readonly of: Table }) {
  const columns = [
    ...(StorageDescriptor?.Columns ?? []).map((column) => ({ ...column, isKey: false })),
    ...PartitionKeys.map((column) => ({ ...column, isKey: true })),
  ].map((column, index): SchemaColumn => ({ ...column, at: index + 1 }))
  return (
    <ResourceTable
      title="Columns"
      noun="column"
      items={columns}
      keyOf={({ Name = '' }) => Name}
      sortedBy="at"
      pageSize={100}
      empty={<EmptyState title="No columns" />}
      columns={[
        { id: 'at', header: '#', cell: ({ at }) => at, value: ({ at }) => at, width: 70 },
        { id: 'name', header: 'Column', cell: ({ Name }) => Name, value: ({ Name }) => Name },
        { id: 'type', header: 'Data type', cell: ({ Type }) => Type, value: ({ Type }) => Type, width: 320 },
        {
          id: 'key',
          header: 'Partition key',
          cell: ({ isKey }) => (isKey ? <StatusIndicator type="success">Partition key</StatusIndicator> : '–'),
          value: ({ isKey }) => (isKey ? 'partition key' : ''),
        },
        { id: 'comment', header: 'Comment', cell: ({ Comment }) => Comment || '–', value: ({ Comment }) => Comment },
      ]}
    />
  )
}

function Partitions({ of: { DatabaseName = '', Name = '', PartitionKeys = [] } }: { readonly of: Table }) {
  const [typed, setTyped] = useState('')
  const [condition, setCondition] = useState('')
  const list = useQuery({
    queryKey: ['partitions', DatabaseName, Name, condition],
    queryFn: () => partitions(DatabaseName, Name, condition),
    enabled: PartitionKeys.length > 0,
    placeholderData: (before) => before,
  })
  if (PartitionKeys.length === 0)
    return <EmptyState title="No partition keys">The whole of this table is read by every query.</EmptyState>
  return (
    <SpaceBetween size="m">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setCondition(typed)
        }}
      >
        <FormField
          label="Condition on partition keys"
          constraintText={`For example ${quotedKey(PartitionKeys[0]?.Name ?? '')} >= '2026-11-01'. Enter applies it.`}
        >
          <Input value={typed} type="search" ariaLabel="Condition" onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      </form>
      <ResourceTable
        title="Partitions"
        noun="partition"
        description="At most the first 1,000"
        items={list.data}
        error={list.error}
        keyOf={({ Values = [] }) => Values.join('/')}
        empty={<EmptyState title="No partitions">Run the crawler, or MSCK REPAIR TABLE, to find them.</EmptyState>}
        columns={[
          ...PartitionKeys.map(({ Name: key = '' }, index) => ({
            id: `k${index}`,
            header: key,
            cell: ({ Values = [] }: { Values?: string[] }) => Values[index] ?? '–',
            value: ({ Values = [] }: { Values?: string[] }) => Values[index],
          })),
          {
            id: 'location',
            header: 'Location',
            cell: ({ StorageDescriptor }) => StorageDescriptor?.Location ?? '–',
            value: ({ StorageDescriptor }) => StorageDescriptor?.Location,
            width: 400,
          },
          {
            id: 'objects',
            header: 'Objects',
            cell: ({ Parameters }) => Parameters?.['objectCount'] ?? '–',
            value: ({ Parameters }) => Number(Parameters?.['objectCount'] ?? 0),
          },
          {
            id: 'created',
            header: 'Created',
            cell: ({ CreationTime }) => timeText(CreationTime),
            value: ({ CreationTime }) => CreationTime?.getTime(),
            width: 225,
          },
        ]}
      />
    </SpaceBetween>
  )
}

function quotedKey(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : `\`${name}\``
}

function Versions({ database, name }: { readonly database: string; readonly name: string }) {
  const list = useQuery({ queryKey: ['versions', database, name], queryFn: () => tableVersions(database, name) })
  const sorted = (list.data ?? []).toSorted((a, b) => Number(b.VersionId) - Number(a.VersionId))
  return (
    <ResourceTable
      title="Versions"
      noun="version"
      items={list.data && sorted}
      error={list.error}
      keyOf={({ VersionId = '' }) => VersionId}
      isSearched={false}
      sortedBy="version"
      isDescending={true}
      empty={<EmptyState title="No versions" />}
      columns={[
        {
          id: 'version',
          header: 'Version',
          cell: ({ VersionId }) => VersionId,
          value: ({ VersionId }) => Number(VersionId),
          width: 110,
        },
        {
          id: 'time',
          header: 'Since',
          cell: ({ Table: of }) => timeText(of?.UpdateTime),
          value: ({ Table: of }) => of?.UpdateTime?.getTime(),
          width: 240,
        },
        {
          id: 'changes',
          header: 'Changed since the version before',
          cell: ({ VersionId, Table: of }) => {
            const before = sorted[sorted.findIndex((one) => one.VersionId === VersionId) + 1]?.Table
            const lines = before === undefined || of === undefined ? ['The first'] : differences(before, of)
            return (
              <div>
                {(lines.length === 0 ? ['Nothing but times'] : lines).map((line) => (
                  <div key={line}>{line}</div>
                ))}
              </div>
            )
          },
        },
      ]}
    />
  )
}

function Properties({ of: { Parameters = {}, StorageDescriptor } }: { readonly of: Table }) {
  const serde = StorageDescriptor?.SerdeInfo
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Format</Header>}>
        <KeyValuePairs
          columns={1}
          items={[
            { label: 'Input format', value: StorageDescriptor?.InputFormat ?? '–' },
            { label: 'Output format', value: StorageDescriptor?.OutputFormat ?? '–' },
            { label: 'SerDe', value: serde?.SerializationLibrary ?? '–' },
            ...Object.entries(serde?.Parameters ?? {}).map(([label, value]) => ({ label, value: value || '–' })),
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">Table properties</Header>}>
        {Object.keys(Parameters).length === 0 ? (
          <Box color="text-body-secondary">None</Box>
        ) : (
          <KeyValuePairs
            columns={3}
            items={Object.entries(Parameters)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([label, value]) => ({ label, value: value || '–' }))}
          />
        )}
      </Container>
    </SpaceBetween>
  )
}
