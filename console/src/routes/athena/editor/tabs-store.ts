/**
 * The editor's tabs. They survive a reload of this browser tab (sessionStorage), and a new browser tab begins with those
 * last seen (localStorage); two of them do not write over each other.
 */
import { useCallback, useEffect, useMemo, useState } from 'react'

export interface EditorTab {
  readonly id: string
  readonly title: string
  readonly sql: string
  /** Of the last run. */
  readonly executionId?: string
  /** How it ended. */
  readonly outcome?: 'good' | 'bad' | undefined
  /** Of the saved query that it was opened from. */
  readonly savedId?: string
}

export interface EditorState {
  readonly tabs: readonly EditorTab[]
  readonly activeId: string
  readonly catalog: string
  readonly database: string | undefined
  readonly workgroup: string
  /** Names of new tabs count on. */
  readonly made: number
}

const KEY = 'lakelet.editor'
const EMPTY: EditorState = {
  tabs: [{ id: '1', title: 'Query 1', sql: '' }],
  activeId: '1',
  catalog: 'AwsDataCatalog',
  database: undefined,
  workgroup: 'primary',
  made: 1,
}

function load(): EditorState {
  try {
    const text = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)
    const state = text === null ? EMPTY : (JSON.parse(text) as EditorState)
    return state.tabs.length > 0 ? { ...EMPTY, ...state } : EMPTY
  } catch {
    // Written by an older console, or by hand.
    return EMPTY
  }
}

export interface EditorActions {
  add(tab?: Partial<Omit<EditorTab, 'id'>>): void
  close(id: string): void
  activate(id: string): void
  change(id: string, changed: Partial<Omit<EditorTab, 'id'>>): void
  setCatalog(catalog: string): void
  setDatabase(database: string | undefined): void
  setWorkgroup(workgroup: string): void
}

export function useEditorState(): readonly [EditorState, EditorActions] {
  const [state, setState] = useState(load)
  useEffect(() => {
    const text = JSON.stringify(state)
    sessionStorage.setItem(KEY, text)
    localStorage.setItem(KEY, text)
  }, [state])
  const add = useCallback(
    (tab: Partial<Omit<EditorTab, 'id'>> = {}) =>
      setState((now) => {
        const made = now.made + 1
        const id = String(made)
        return { ...now, made, tabs: [...now.tabs, { title: `Query ${made}`, sql: '', ...tab, id }], activeId: id }
      }),
    [],
  )
  const change = useCallback(
    (id: string, changed: Partial<Omit<EditorTab, 'id'>>) =>
      setState((now) => ({ ...now, tabs: now.tabs.map((tab) => (tab.id === id ? { ...tab, ...changed } : tab)) })),
    [],
  )
  const close = useCallback(
    (id: string) =>
      setState((now) => {
        const at = now.tabs.findIndex((tab) => tab.id === id)
        const tabs = now.tabs.filter((tab) => tab.id !== id)
        if (tabs.length === 0) {
          const made = now.made + 1
          return { ...now, made, tabs: [{ id: String(made), title: `Query ${made}`, sql: '' }], activeId: String(made) }
        }
        const next = tabs[Math.min(at, tabs.length - 1)]?.id ?? ''
        return { ...now, tabs, activeId: now.activeId === id ? next : now.activeId }
      }),
    [],
  )
  const activate = useCallback((activeId: string) => setState((now) => ({ ...now, activeId })), [])
  const setCatalog = useCallback((catalog: string) => setState((now) => ({ ...now, catalog })), [])
  const setDatabase = useCallback((database: string | undefined) => setState((now) => ({ ...now, database })), [])
  const setWorkgroup = useCallback((workgroup: string) => setState((now) => ({ ...now, workgroup })), [])
  const actions = useMemo(
    () => ({ add, close, activate, change, setCatalog, setDatabase, setWorkgroup }),
    [add, close, activate, change, setCatalog, setDatabase, setWorkgroup],
  )
  return [state, actions]
}
