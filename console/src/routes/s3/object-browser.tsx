/**
 * The objects below a prefix, a page of a thousand at a time, so that a million keys are no more than ten. Folders are
 * followed; versions and delete markers are shown when wanted; files are uploaded by dropping them anywhere on the list.
 */
import Box from '@cloudscape-design/components/box'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Header from '@cloudscape-design/components/header'
import Icon from '@cloudscape-design/components/icon'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import Toggle from '@cloudscape-design/components/toggle'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { ConfirmDelete } from '../../components/confirm-delete.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/errors.tsx'
import { bytesText, countText, numberText, timeText } from '../../components/figures.ts'
import { Link, part } from '../../components/link.tsx'
import { useNotices } from '../../components/notifications.tsx'
import { deleteObjects, emptyPrefix, type Listed, listObjects, listVersions, presignedLink } from '../../drivers/s3.ts'
import { Uploads, useUploads } from './uploads.tsx'

const PAGE_ROWS = 50

export function ObjectBrowser({ bucket }: { readonly bucket: string }) {
  const [search, setSearch] = useSearchParams()
  const prefix = search.get('prefix') ?? ''
  const [showsVersions, setShowsVersions] = useState(false)
  const [typed, setTyped] = useState('')
  const [wanted, setWanted] = useState('')
  const [page, setPage] = useState(1)
  const [selected, setSelected] = useState<readonly Listed[]>([])
  const [isDeleting, setDeleting] = useState(false)
  const [isOver, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const notices = useNotices()
  const queries = useQueryClient()
  const uploads = useUploads(bucket, () => void queries.invalidateQueries({ queryKey: ['objects', bucket] }))

  const list = useInfiniteQuery({
    queryKey: ['objects', bucket, prefix, showsVersions, wanted],
    queryFn: ({ pageParam }) => (showsVersions ? listVersions : listObjects)(bucket, prefix, pageParam, wanted),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  })
  const items = list.data?.pages.flatMap((one) => one.items) ?? []
  const rows = items.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)
  const pages = Math.max(1, Math.ceil(items.length / PAGE_ROWS))

  const open = (to: string) => {
    setSelected([])
    setPage(1)
    setTyped('')
    setWanted('')
    setSearch(to === '' ? {} : { prefix: to })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    uploads.add([...event.dataTransfer.files].map((file) => ({ file, key: prefix + file.name })))
  }
  const only = selected.length === 1 ? selected[0] : undefined
  const address =
    only !== undefined && only.kind !== 'folder' && only.kind !== 'marker' ? { bucket, ...only } : undefined
  const act = async (id: string) => {
    if (address === undefined) return
    try {
      if (id === 'download') location.assign(await presignedLink(address, 300, true))
      if (id === 'link') {
        await navigator.clipboard.writeText(await presignedLink(address, 3600))
        notices.success('A link that is good for an hour is on the clipboard.')
      }
      if (id === 'uri') {
        await navigator.clipboard.writeText(`s3://${bucket}/${address.key}`)
        notices.success('The S3 URI is on the clipboard.')
      }
    } catch (failure) {
      notices.failure('It could not be done', failure)
    }
  }
  const undelete = async () => {
    try {
      await deleteObjects(
        bucket,
        selected.filter(({ kind }) => kind === 'marker'),
      )
      setSelected([])
      notices.success('The delete markers are gone: the objects are back.')
      await queries.invalidateQueries({ queryKey: ['objects', bucket] })
    } catch (failure) {
      notices.failure('The objects are still deleted', failure)
    }
  }
  const remove = async () => {
    for (const { key } of selected.filter(({ kind }) => kind === 'folder'))
      await emptyPrefix(bucket, key, () => undefined)
    await deleteObjects(
      bucket,
      selected.filter(({ kind }) => kind !== 'folder'),
    )
    setDeleting(false)
    setSelected([])
    notices.success(`${countText(selected.length, 'item')} deleted.`)
    await queries.invalidateQueries({ queryKey: ['objects', bucket] })
  }

  const columns: TableProps.ColumnDefinition<Listed>[] = [
    {
      id: 'name',
      header: 'Name',
      isRowHeader: true,
      width: 420,
      cell: (item) =>
        item.kind === 'folder' ? (
          <Link to={`/s3/buckets/${part(bucket)}?prefix=${part(item.key)}`}>
            <Icon name="folder" /> {item.name}
          </Link>
        ) : item.kind === 'marker' ? (
          <>
            <Icon name="file" /> {item.name}
          </>
        ) : (
          <Link
            to={`/s3/buckets/${part(bucket)}/objects/${part(item.key)}${item.kind === 'version' ? `?version=${part(item.versionId ?? '')}` : ''}`}
          >
            <Icon name="file" /> {item.name}
          </Link>
        ),
    },
    {
      id: 'type',
      header: 'Type',
      cell: ({ kind, name }) =>
        kind === 'folder' ? (
          'Folder'
        ) : kind === 'marker' ? (
          <StatusIndicator type="stopped">Delete marker</StatusIndicator>
        ) : (
          typeOf(name)
        ),
    },
    ...(showsVersions
      ? [
          {
            id: 'version',
            header: 'Version ID',
            cell: ({ versionId, isLatest }: Listed) =>
              versionId === undefined ? '–' : `${versionId}${isLatest ? ' (latest)' : ''}`,
          },
        ]
      : []),
    { id: 'modified', header: 'Last modified', cell: ({ modified }) => timeText(modified), width: 225 },
    { id: 'size', header: 'Size', cell: ({ size }) => bytesText(size) },
    {
      id: 'class',
      header: 'Storage class',
      cell: ({ storageClass, kind }) => (kind === 'object' ? (storageClass ?? 'Standard') : '–'),
    },
  ]

  return (
    // Dropping is an extra: the button does the same by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped onto the list as a whole
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      style={{ outline: isOver ? '2px dashed #0972d3' : 'none', outlineOffset: 4, borderRadius: 16 }}
    >
      <SpaceBetween size="m">
        <Uploads uploads={uploads} />
        <ErrorAlert error={list.error} title="The objects could not be listed" onRetry={() => void list.refetch()} />
        {prefix !== '' && (
          <BreadcrumbGroup
            ariaLabel="Folders"
            items={crumbs(bucket, prefix)}
            onFollow={(event) => {
              event.preventDefault()
              open(event.detail.href)
            }}
          />
        )}
        <Table
          items={rows}
          columnDefinitions={columns}
          trackBy={(item) => `${item.key}\u0000${item.versionId ?? ''}`}
          loading={list.isPending && list.error === null}
          loadingText="Loading"
          resizableColumns={true}
          enableKeyboardNavigation={true}
          selectionType="multi"
          selectedItems={selected as Listed[]}
          onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
          ariaLabels={{
            tableLabel: 'Objects',
            selectionGroupLabel: 'Choose objects',
            allItemsSelectionLabel: () => 'all objects',
            itemSelectionLabel: (_, item) => item.name,
          }}
          header={
            <Header
              variant="h2"
              counter={
                list.data === undefined ? undefined : `(${numberText(items.length)}${list.hasNextPage ? '+' : ''})`
              }
              description={
                isOver ? 'Let go to upload into this folder.' : 'Drop files here to upload them into this folder.'
              }
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void list.refetch()} />
                  <ButtonDropdown
                    disabled={address === undefined}
                    onItemClick={({ detail }) => void act(detail.id)}
                    items={[
                      { id: 'download', text: 'Download' },
                      { id: 'uri', text: 'Copy S3 URI' },
                      { id: 'link', text: 'Copy presigned link (1 hour)' },
                    ]}
                  >
                    Actions
                  </ButtonDropdown>
                  {showsVersions && (
                    <Button disabled={!selected.some(({ kind }) => kind === 'marker')} onClick={() => void undelete()}>
                      Undelete
                    </Button>
                  )}
                  <Button disabled={selected.length === 0} onClick={() => setDeleting(true)}>
                    Delete
                  </Button>
                  <Button variant="primary" iconName="upload" onClick={() => picker.current?.click()}>
                    Upload
                  </Button>
                </SpaceBetween>
              }
            >
              Objects
            </Header>
          }
          filter={
            <SpaceBetween direction="horizontal" size="l" alignItems="center">
              <TextFilter
                filteringText={typed}
                filteringPlaceholder="Find objects by prefix"
                filteringAriaLabel="Find objects by prefix"
                onChange={({ detail }) => setTyped(detail.filteringText)}
                onDelayedChange={({ detail }) => {
                  setPage(1)
                  setWanted(detail.filteringText)
                }}
              />
              <Toggle
                checked={showsVersions}
                onChange={({ detail }) => {
                  setSelected([])
                  setPage(1)
                  setShowsVersions(detail.checked)
                }}
              >
                Show versions
              </Toggle>
            </SpaceBetween>
          }
          pagination={
            <Pagination
              currentPageIndex={page}
              pagesCount={pages}
              openEnd={list.hasNextPage}
              ariaLabels={{
                nextPageLabel: 'Next page',
                previousPageLabel: 'Previous page',
                pageLabel: (at) => `Page ${at}`,
              }}
              onChange={({ detail }) => {
                if (detail.currentPageIndex * PAGE_ROWS > items.length && list.hasNextPage) void list.fetchNextPage()
                setPage(detail.currentPageIndex)
              }}
            />
          }
          empty={
            <EmptyState
              title={wanted === '' ? 'No objects' : 'No object begins like this'}
              action={wanted === '' ? <Button onClick={() => picker.current?.click()}>Upload</Button> : undefined}
            >
              {wanted === '' && 'Drop files here, let a delivery stream write into this bucket, or use any S3 client.'}
            </EmptyState>
          }
        />
      </SpaceBetween>
      <input
        ref={picker}
        type="file"
        multiple={true}
        hidden={true}
        aria-label="Files to upload"
        onChange={({ target }) => {
          uploads.add([...(target.files ?? [])].map((file) => ({ file, key: prefix + file.name })))
          target.value = ''
        }}
      />
      {isDeleting && (
        <ConfirmDelete
          title={`Delete ${countText(selected.length, 'item')}`}
          name="permanently delete"
          onDismiss={() => setDeleting(false)}
          onConfirm={remove}
        >
          <Box color="inherit">
            {selected.slice(0, 5).map(({ key, versionId }) => (
              <div key={`${key}${versionId ?? ''}`}>{key}</div>
            ))}
            {selected.length > 5 && <div>and {numberText(selected.length - 5)} more</div>}
          </Box>
          Folders are removed with everything in them and all of its versions. In a bucket with versioning a deleted
          object can be brought back from its versions.
        </ConfirmDelete>
      )}
    </div>
  )
}

function crumbs(bucket: string, prefix: string) {
  const parts = prefix.split('/').filter((piece) => piece !== '')
  return [
    { text: bucket, href: '' },
    ...parts.map((text, index) => ({ text, href: `${parts.slice(0, index + 1).join('/')}/` })),
  ]
}

function typeOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '–' : name.slice(dot + 1)
}
