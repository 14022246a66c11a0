/** The left column of the editor: source, database, its tables and views with their columns. */
import type { Table } from '@aws-sdk/client-glue'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ErrorAlert } from '../../../components/errors.tsx'
import { numberText } from '../../../components/figures.ts'
import { dataCatalogs } from '../../../drivers/athena.ts'
import { databases, tables } from '../../../drivers/glue.ts'

interface DataPanelProps {
  readonly catalog: string
  readonly onCatalog: (catalog: string) => void
  readonly database: string | undefined
  readonly onDatabase: (database: string) => void
  readonly onPreview: (table: Table) => void
  readonly onInsert: (name: string) => void
}

export function useTables(database: string | undefined) {
  return useQuery({
    queryKey: ['tables', database],
    queryFn: () => tables(database ?? ''),
    enabled: database !== undefined,
    refetchInterval: 30_000,
  })
}

export function DataPanel({ catalog, onCatalog, database, onDatabase, onPreview, onInsert }: DataPanelProps) {
  const catalogList = useQuery({ queryKey: ['data-catalogs'], queryFn: dataCatalogs })
  const databaseList = useQuery({ queryKey: ['databases'], queryFn: databases, refetchInterval: 30_000 })
  const tableList = useTables(database)
  const [filter, setFilter] = useState('')
  const wanted = filter.toLowerCase()
  const matching = useMemo(
    () =>
      (tableList.data ?? []).filter(
        ({ Name = '', StorageDescriptor, PartitionKeys = [] }) =>
          Name.includes(wanted) ||
          [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys].some(({ Name: column = '' }) =>
            column.includes(wanted),
          ),
      ),
    [tableList.data, wanted],
  )
  const isView = ({ TableType }: Table) => TableType === 'VIRTUAL_VIEW'
  const shown = { tables: matching.filter((one) => !isView(one)), views: matching.filter(isView) }
  const rest = { onPreview, onInsert, isOpen: wanted !== '' && matching.length <= 5 }
  return (
    <Container
      fitHeight={true}
      header={
        <Header
          variant="h2"
          actions={
            <Button
              iconName="refresh"
              variant="icon"
              ariaLabel="Refresh"
              onClick={() => void Promise.all([databaseList.refetch(), tableList.refetch()])}
            />
          }
        >
          Data
        </Header>
      }
    >
      <SpaceBetween size="s">
        <FormField label="Data source">
          <Select
            selectedOption={{ value: catalog }}
            options={(catalogList.data ?? [catalog]).map((value) => ({ value }))}
            onChange={({ detail }) => onCatalog(detail.selectedOption.value ?? catalog)}
          />
        </FormField>
        <FormField label="Database">
          <Select
            selectedOption={database === undefined ? null : { value: database }}
            placeholder="Choose a database"
            empty="No databases: a crawler makes one"
            filteringType="auto"
            statusType={databaseList.isPending ? 'loading' : 'finished'}
            onChange={({ detail }) => onDatabase(detail.selectedOption.value ?? '')}
            options={(databaseList.data ?? []).map(({ Name = '' }) => ({ value: Name }))}
          />
        </FormField>
        <ErrorAlert error={databaseList.error ?? tableList.error} title="The catalog could not be read" />
        <Input
          type="search"
          value={filter}
          placeholder="Filter tables, views and columns"
          ariaLabel="Filter tables, views and columns"
          onChange={({ detail }) => setFilter(detail.value)}
        />
        <Tree title="Tables" items={shown.tables} {...rest} />
        <Tree title="Views" items={shown.views} {...rest} />
      </SpaceBetween>
    </Container>
  )
}

interface TreeProps {
  readonly title: string
  readonly items: readonly Table[]
  readonly isOpen: boolean
  readonly onPreview: (table: Table) => void
  readonly onInsert: (name: string) => void
}

function Tree({ title, items, isOpen, onPreview, onInsert }: TreeProps) {
  return (
    <section aria-label={title}>
      <Box variant="h4" padding={{ bottom: 'xxs' }}>
        {title} ({numberText(items.length)})
      </Box>
      {items.length === 0 && <Box color="text-body-secondary">None</Box>}
      <ul className="tree">
        {items.map((table) => (
          <TreeTable key={table.Name} table={table} isOpen={isOpen} onPreview={onPreview} onInsert={onInsert} />
        ))}
      </ul>
    </section>
  )
}

function TreeTable({
  table,
  isOpen,
  onPreview,
  onInsert,
}: { readonly table: Table } & Pick<TreeProps, 'isOpen' | 'onPreview' | 'onInsert'>) {
  const [isWanted, setWanted] = useState(false)
  const { Name = '', PartitionKeys = [], StorageDescriptor } = table
  const open = isWanted || isOpen
  const columns = [
    ...(StorageDescriptor?.Columns ?? []).map((column) => ({ ...column, isKey: false })),
    ...PartitionKeys.map((column) => ({ ...column, isKey: true })),
  ]
  return (
    <li>
      <div className="tree-row">
        <button type="button" className="tree-toggle" aria-expanded={open} onClick={() => setWanted(!open)}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> {Name}{' '}
          {PartitionKeys.length > 0 && <span className="tree-note">Partitioned</span>}
        </button>
        <ButtonDropdown
          variant="inline-icon"
          ariaLabel={`Actions for ${Name}`}
          expandToViewport={true}
          items={[
            { id: 'preview', text: 'Preview: SELECT * … LIMIT 10' },
            { id: 'insert', text: 'Insert the name into the query' },
          ]}
          onItemClick={({ detail }) => (detail.id === 'preview' ? onPreview(table) : onInsert(Name))}
        />
      </div>
      {open && (
        <ul className="tree-columns">
          {columns.map(({ Name: column = '', Type, isKey }) => (
            <li key={column}>
              <button type="button" className="tree-column" title={`Insert ${column}`} onClick={() => onInsert(column)}>
                {column}
              </button>
              <span className="tree-note">
                {Type}
                {isKey && ' (Partitioned)'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
