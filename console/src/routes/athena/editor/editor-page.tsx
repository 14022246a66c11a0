/** The query editor. */
import type { QueryExecution } from '@aws-sdk/client-athena'
import type { Table } from '@aws-sdk/client-glue'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { FUNCTION_FAMILIES } from '../../../../../src/sql/functions/athena-names.ts'
import { wordsOf } from '../../../components/errors.tsx'
import { useNotices } from '../../../components/notifications.tsx'
import { useTitle } from '../../../components/page.tsx'
import { execution, isOver, startStatement, stopStatement, workgroup, workgroups } from '../../../drivers/athena.ts'
import { quoted } from '../editor-link.ts'
import { Results } from '../results/results.tsx'
import { SaveQuery } from '../save-query.tsx'
import { DataPanel, useTables } from './data-panel.tsx'
import { problemOf, type SqlProblem } from './problem.ts'
import { ResultLocation } from './result-location.tsx'
import { type Cursor, SqlEditor, type SqlEditorHandle } from './sql-editor.tsx'
import { StatusBar } from './status-bar.tsx'
import { TabStrip } from './tab-strip.tsx'
import { type EditorTab, useEditorState } from './tabs-store.ts'

const FUNCTIONS = [...new Set(Object.values(FUNCTION_FAMILIES).flat())].toSorted()

/** How often a statement under way is looked at. */
const POLL_MS = 300

export function EditorPage() {
  useTitle('Query editor')
  const [state, actions] = useEditorState()
  const tab = state.tabs.find(({ id }) => id === state.activeId) ?? (state.tabs[0] as EditorTab)
  const [search, setSearch] = useSearchParams()
  const [cursor, setCursor] = useState<Cursor>({ line: 1, column: 1 })
  const [problems, setProblems] = useState<Readonly<Record<string, SqlProblem | undefined>>>({})
  const [refusals, setRefusals] = useState<Readonly<Record<string, string | undefined>>>({})
  const [isStarting, setStarting] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const editor = useRef<SqlEditorHandle>(null)
  const offsets = useRef(new Map<string, { readonly text: string; readonly from: number }>())
  const notices = useNotices()
  const queries = useQueryClient()
  const tables = useTables(state.database)
  const group = useQuery({ queryKey: ['workgroup', state.workgroup], queryFn: () => workgroup(state.workgroup) })
  const groups = useQuery({ queryKey: ['workgroups'], queryFn: workgroups })

  // A link from elsewhere: a table to query, a query of the history.
  useEffect(() => {
    const [sql, database, executionId] = ['sql', 'database', 'execution'].map((name) => search.get(name) ?? undefined)
    if (sql === undefined && executionId === undefined) return
    if (database !== undefined) actions.setDatabase(database)
    actions.add({ sql: sql ?? '', ...(executionId !== undefined && { executionId }) })
    setSearch({}, { replace: true })
  }, [search, setSearch, actions])

  const current = useQuery({
    queryKey: ['execution', tab.executionId],
    queryFn: () => execution(tab.executionId ?? ''),
    enabled: tab.executionId !== undefined,
    refetchInterval: ({ state: { data } }) => (data !== undefined && isOver(data) ? false : POLL_MS),
    retry: 2,
  })
  const isRunning = isStarting || (current.data !== undefined && !isOver(current.data))
  useEndOf(current.data, (ended) => {
    const reason = ended.Status?.StateChangeReason
    const at = offsets.current.get(ended.QueryExecutionId ?? '')
    const of = state.tabs.find(({ executionId }) => executionId === ended.QueryExecutionId)
    if (of === undefined) return
    actions.change(of.id, { outcome: ended.Status?.State === 'SUCCEEDED' ? 'good' : 'bad' })
    const problem = reason === undefined || at === undefined ? undefined : problemOf(reason, at.text, at.from)
    setProblems((now) => ({ ...now, [of.id]: problem }))
    if (ended.StatementType === 'DDL') void queries.invalidateQueries({ queryKey: ['tables'] })
    if (ended.StatementType === 'DDL') void queries.invalidateQueries({ queryKey: ['databases'] })
  })

  const run = useCallback(
    async (onlySelection: boolean) => {
      const chosen = onlySelection ? editor.current?.selection() : undefined
      const whole = tab.sql
      const sql = chosen?.text ?? whole
      if (sql.trim() === '' || isRunning) return
      setStarting(true)
      setProblems((now) => ({ ...now, [tab.id]: undefined }))
      setRefusals((now) => ({ ...now, [tab.id]: undefined }))
      try {
        const id = await startStatement({
          sql,
          catalog: state.catalog,
          workgroup: state.workgroup,
          ...(state.database !== undefined && { database: state.database }),
        })
        offsets.current.set(id, { text: whole, from: chosen?.from ?? 0 })
        actions.change(tab.id, { executionId: id, outcome: undefined })
      } catch (failure) {
        setRefusals((now) => ({ ...now, [tab.id]: wordsOf(failure) }))
        setProblems((now) => ({ ...now, [tab.id]: problemOf(wordsOf(failure), whole, chosen?.from ?? 0) }))
      } finally {
        setStarting(false)
      }
    },
    [tab, isRunning, state.catalog, state.workgroup, state.database, actions],
  )
  const stop = async () => {
    try {
      await stopStatement(tab.executionId ?? '')
    } catch (failure) {
      notices.failure('The query was not stopped', failure)
    }
  }
  const format = async () => {
    try {
      const { format: formatted } = await import('sql-formatter')
      actions.change(tab.id, {
        sql: formatted(tab.sql, { language: 'trino', keywordCase: 'upper', tabWidth: 2, linesBetweenQueries: 1 }),
      })
    } catch (failure) {
      notices.failure('The query was not laid out', failure)
    }
  }
  const preview = (table: Table) => {
    const sql = `SELECT * FROM ${quoted(table.DatabaseName ?? '')}.${quoted(table.Name ?? '')} LIMIT 10;`
    actions.add({ sql })
  }
  const schema = useMemo(
    () =>
      Object.fromEntries(
        (tables.data ?? []).map(({ Name = '', StorageDescriptor, PartitionKeys = [] }) => [
          Name,
          [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys].map(({ Name: column = '' }) => column),
        ]),
      ),
    [tables.data],
  )
  const needsLocation = group.data !== undefined && !group.data.Configuration?.ResultConfiguration?.OutputLocation

  return (
    <div className="editor-page">
      <DataPanel
        catalog={state.catalog}
        onCatalog={actions.setCatalog}
        database={state.database}
        onDatabase={actions.setDatabase}
        onPreview={preview}
        onInsert={(name) => editor.current?.insert(/^[a-z_]\w*$/.test(name) ? name : quoted(name))}
      />
      <div className="editor-main">
        <SpaceBetween size="m">
          <div className="editor-bar">
            <TabStrip
              tabs={state.tabs}
              activeId={tab.id}
              onActivate={actions.activate}
              onClose={actions.close}
              onAdd={() => actions.add()}
              onRename={(id, title) => actions.change(id, { title })}
            />
            <Select
              inlineLabelText="Workgroup"
              selectedOption={{ value: state.workgroup }}
              options={(groups.data ?? []).map(({ Name = '' }) => ({ value: Name }))}
              onChange={({ detail }) => actions.setWorkgroup(detail.selectedOption.value ?? 'primary')}
            />
          </div>
          {needsLocation && <ResultLocation workgroup={state.workgroup} onSet={() => void group.refetch()} />}
          <Container disableContentPaddings={true}>
            <SqlEditor
              key={tab.id}
              ref={editor}
              value={tab.sql}
              schema={schema}
              functions={FUNCTIONS}
              problem={problems[tab.id]}
              onChange={(sql) => actions.change(tab.id, { sql })}
              onCursor={setCursor}
              onRun={() => void run(true)}
            />
            <div className="editor-foot">
              <span>SQL</span>
              <span>
                Ln {cursor.line}, Col {cursor.column}
              </span>
            </div>
          </Container>
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              variant="primary"
              loading={isRunning}
              disabled={tab.sql.trim() === ''}
              onClick={() => void run(false)}
            >
              {tab.executionId === undefined ? 'Run' : 'Run again'}
            </Button>
            <Button disabled={isRunning} onClick={() => void run(true)}>
              Run selection
            </Button>
            <Button disabled={!isRunning || tab.executionId === undefined} onClick={() => void stop()}>
              Cancel
            </Button>
            <Button disabled={tab.sql.trim() === ''} onClick={() => setSaving(true)}>
              Save
            </Button>
            <Button disabled={tab.sql === ''} onClick={() => actions.change(tab.id, { sql: '' })}>
              Clear
            </Button>
            <Button disabled={tab.sql.trim() === ''} onClick={() => void format()}>
              Format
            </Button>
            <Box color="text-body-secondary" padding={{ top: 'xs' }}>
              Ctrl+Enter runs
            </Box>
          </SpaceBetween>
          {refusals[tab.id] !== undefined && (
            <Alert type="error" header="The query was not started">
              {refusals[tab.id]}
            </Alert>
          )}
          {refusals[tab.id] === undefined && (
            <StatusBar of={current.data} isStarting={isStarting} error={current.error} />
          )}
          {refusals[tab.id] === undefined && current.data?.Status?.State === 'SUCCEEDED' && (
            <Results key={tab.executionId} of={current.data} />
          )}
        </SpaceBetween>
      </div>
      {isSaving && (
        <SaveQuery
          tab={tab}
          database={state.database}
          workgroup={state.workgroup}
          onDismiss={() => setSaving(false)}
          onSaved={(savedId, title) => {
            setSaving(false)
            actions.change(tab.id, { savedId, title })
            notices.success(`The query is saved as ${title}.`)
          }}
        />
      )}
    </div>
  )
}

/** Once for each execution, when it has ended. */
function useEndOf(current: QueryExecution | undefined, tell: (ended: QueryExecution) => void): void {
  const told = useRef(new Set<string>())
  useEffect(() => {
    const id = current?.QueryExecutionId
    if (current === undefined || id === undefined || !isOver(current) || told.current.has(id)) return
    told.current.add(id)
    tell(current)
  })
}
