/** CodeMirror with Athena's SQL: completion of tables, columns and functions, and errors underlined where they are. */
import { autocompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete'
import { PostgreSQL, sql as sqlLanguage } from '@codemirror/lang-sql'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { basicSetup } from 'codemirror'
import { forwardRef, useEffect, useImperativeHandle, useRef } from 'react'
import type { SqlProblem } from './problem.ts'

export interface SqlEditorHandle {
  /** What is selected, and where it begins; undefined: nothing is. */
  selection(): { readonly text: string; readonly from: number } | undefined
  insert(text: string): void
  focus(): void
}

export interface Cursor {
  readonly line: number
  readonly column: number
}

interface SqlEditorProps {
  readonly value: string
  readonly schema: Readonly<Record<string, readonly string[]>>
  readonly functions: readonly string[]
  readonly problem: SqlProblem | undefined
  readonly onChange: (value: string) => void
  readonly onCursor: (cursor: Cursor) => void
  readonly onRun: () => void
}

/** Colours by the design system's variables of text; the accents hold in both themes. */
const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.keyword, class: 'sql-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 'sql-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'sql-number' },
  { tag: tags.comment, class: 'sql-comment' },
  { tag: tags.typeName, class: 'sql-type' },
])

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

export const SqlEditor = forwardRef<SqlEditorHandle, SqlEditorProps>(function SqlEditor(props, handle) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const language = useRef(new Compartment())
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const parent = place.current
    if (parent === null) return
    const made = new EditorView({
      parent,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: () => {
                  latest.current.onRun()
                  return true
                },
              },
            ]),
          ),
          basicSetup,
          syntaxHighlighting(HIGHLIGHT),
          language.current.of([]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
            if (update.docChanged || update.selectionSet) {
              const { head } = update.state.selection.main
              const line = update.state.doc.lineAt(head)
              latest.current.onCursor({ line: line.number, column: head - line.from + 1 })
            }
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])

  useEffect(() => {
    const now = view.current
    if (now === undefined || now.state.doc.toString() === props.value) return
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: props.value } })
  }, [props.value])

  useEffect(() => {
    view.current?.dispatch({
      effects: language.current.reconfigure([
        sqlLanguage({ dialect: PostgreSQL, schema: props.schema, upperCaseKeywords: true }),
        PostgreSQL.language.data.of({ autocomplete: functionCompletions(props.functions) }),
        autocompletion({ activateOnTyping: true, icons: false }),
      ]),
    })
  }, [props.schema, props.functions])

  useEffect(() => {
    const now = view.current
    if (now === undefined) return
    const { problem } = props
    const found = problem === undefined ? [] : [diagnosticOf(now.state, problem)]
    now.dispatch(setDiagnostics(now.state, found))
  }, [props.problem, props])

  useImperativeHandle(handle, () => ({
    selection() {
      const now = view.current
      const range = now?.state.selection.main
      if (now === undefined || range === undefined || range.empty) return undefined
      return { text: now.state.sliceDoc(range.from, range.to), from: range.from }
    },
    insert(text) {
      const now = view.current
      if (now === undefined) return
      now.dispatch(now.state.replaceSelection(text))
      now.focus()
    },
    focus: () => view.current?.focus(),
  }))
  return <div className="sql-editor" ref={place} />
})

function functionCompletions(names: readonly string[]): CompletionSource {
  const options: Completion[] = names.map((label) => ({
    label,
    type: 'function',
    apply: `${label}(`,
    detail: 'function',
  }))
  return (context) => {
    const word = context.matchBefore(/\w+/)
    if (word === null || (word.from === word.to && !context.explicit)) return null
    return { from: word.from, options, validFor: /^\w*$/ }
  }
}

/** The word at the place, or the rest of its line. */
function diagnosticOf(state: EditorState, { line, column, message }: SqlProblem): Diagnostic {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines))
  const from = Math.min(found.from + Math.max(column - 1, 0), found.to)
  const word = /^[\w."]+/.exec(state.sliceDoc(from, found.to))?.[0]
  const to = word === undefined ? Math.min(from + 1, state.doc.length) : from + word.length
  return { from: to === from ? Math.max(from - 1, 0) : from, to, severity: 'error', message }
}
