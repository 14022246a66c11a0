/** A list of things: searched, sorted, paged, chosen, with words for when there is nothing. */
import { useCollection } from '@cloudscape-design/collection-hooks'
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import type { ReactNode } from 'react'
import { ErrorAlert } from './errors.tsx'
import { countText, numberText } from './figures.ts'

export interface Column<Item> {
  readonly id: string
  readonly header: string
  readonly cell: (item: Item) => ReactNode
  /** What sorting and searching look at; without it the column takes part in neither. */
  readonly value?: (item: Item) => string | number | undefined
  readonly width?: number
}

/** Of columns that say nothing else. */
const WIDTH = 170

interface ResourceTableProps<Item> {
  readonly title: string
  /** "bucket" */
  readonly noun: string
  readonly description?: ReactNode
  readonly items: readonly Item[] | undefined
  readonly error?: unknown
  readonly columns: readonly Column<Item>[]
  readonly keyOf: (item: Item) => string
  readonly empty: ReactNode
  readonly actions?: ReactNode
  readonly selection?: 'single' | 'multi'
  readonly selected?: readonly Item[]
  readonly onSelect?: (items: readonly Item[]) => void
  readonly pageSize?: number
  readonly sortedBy?: string
  readonly isDescending?: boolean
  readonly variant?: TableProps.Variant
  readonly isSearched?: boolean
}

export function ResourceTable<Item>(props: ResourceTableProps<Item>) {
  const { title, noun, items = [], columns, keyOf, error, selection, selected = [], onSelect, pageSize = 25 } = props
  const definitions: TableProps.ColumnDefinition<Item>[] = columns.map(({ id, header, cell, value, width }) => ({
    id,
    header,
    cell,
    width: width ?? WIDTH,
    minWidth: 60,
    ...(value !== undefined && {
      sortingField: id,
      sortingComparator: (a: Item, b: Item) => compare(value(a), value(b)),
    }),
  }))
  const sortingColumn = definitions.find(({ id }) => id === (props.sortedBy ?? columns[0]?.id))
  const collection = useCollection(items as Item[], {
    filtering: {
      empty: <Box textAlign="center">{props.empty}</Box>,
      noMatch: <Box textAlign="center">No {noun} matches.</Box>,
      filteringFunction: (item, text) => {
        const wanted = text.toLowerCase()
        return columns.some(({ value }) =>
          String(value?.(item) ?? '')
            .toLowerCase()
            .includes(wanted),
        )
      },
    },
    pagination: { pageSize },
    sorting: {
      ...(sortingColumn && { defaultState: { sortingColumn, isDescending: props.isDescending ?? false } }),
    },
    selection: { trackBy: keyOf },
  })
  const isLoading = props.items === undefined && error == null
  const counter = props.items === undefined ? undefined : `(${numberText(items.length)})`
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={error} title={`The list of ${plural(noun)} could not be read`} />
      <Table
        {...collection.collectionProps}
        variant={props.variant ?? 'container'}
        items={collection.items}
        columnDefinitions={definitions}
        trackBy={keyOf}
        loading={isLoading}
        loadingText="Loading"
        resizableColumns={true}
        wrapLines={false}
        enableKeyboardNavigation={true}
        {...(selection !== undefined && {
          selectionType: selection,
          selectedItems: selected.filter((item) => items.some((other) => keyOf(other) === keyOf(item))) as Item[],
          onSelectionChange: ({ detail }: { detail: { selectedItems: Item[] } }) => onSelect?.(detail.selectedItems),
        })}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: `Choose ${plural(noun)}`,
          allItemsSelectionLabel: () => `all ${plural(noun)}`,
          itemSelectionLabel: (_, item) => keyOf(item),
        }}
        header={
          <Header
            variant={props.variant === 'full-page' ? 'h1' : 'h2'}
            counter={counter}
            description={props.description}
            actions={props.actions}
          >
            {title}
          </Header>
        }
        filter={
          props.isSearched === false ? undefined : (
            <TextFilter
              {...collection.filterProps}
              filteringPlaceholder={`Find ${plural(noun)}`}
              filteringAriaLabel={`Find ${plural(noun)}`}
              countText={countText(collection.filteredItemsCount ?? 0, 'match', 'matches')}
            />
          )
        }
        pagination={
          items.length > pageSize ? (
            <Pagination
              {...collection.paginationProps}
              ariaLabels={{
                nextPageLabel: 'Next page',
                previousPageLabel: 'Previous page',
                pageLabel: (page) => `Page ${page}`,
              }}
            />
          ) : undefined
        }
      />
    </SpaceBetween>
  )
}

/** Of English: query, queries. */
function plural(noun: string): string {
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}
