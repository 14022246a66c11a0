/** The editor's tabs: chosen with the mouse or the arrow keys, renamed by a double click, closed and added. */
import { type KeyboardEvent, useState } from 'react'
import type { EditorTab } from './tabs-store.ts'

interface TabStripProps {
  readonly tabs: readonly EditorTab[]
  readonly activeId: string
  readonly onActivate: (id: string) => void
  readonly onClose: (id: string) => void
  readonly onAdd: () => void
  readonly onRename: (id: string, title: string) => void
}

export function TabStrip({ tabs, activeId, onActivate, onClose, onAdd, onRename }: TabStripProps) {
  const [renamed, setRenamed] = useState<string>()
  const onKey = (event: KeyboardEvent, index: number) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(index + step + tabs.length) % tabs.length]
    if (step === 0 || next === undefined) return
    onActivate(next.id)
    document.getElementById(`editor-tab-${next.id}`)?.focus()
  }
  return (
    <div className="tab-strip">
      <div className="tab-list" role="tablist" aria-label="Queries">
        {tabs.map(({ id, title, outcome }, index) =>
          renamed === id ? (
            <input
              key={id}
              className="tab-rename"
              aria-label="Name of the query"
              defaultValue={title}
              // biome-ignore lint/a11y/noAutofocus: whoever asked to rename wants to type now
              autoFocus={true}
              onBlur={({ target }) => {
                if (target.value.trim() !== '') onRename(id, target.value.trim())
                setRenamed(undefined)
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') event.currentTarget.blur()
                if (event.key === 'Escape') setRenamed(undefined)
              }}
            />
          ) : (
            <button
              key={id}
              id={`editor-tab-${id}`}
              type="button"
              role="tab"
              className="tab"
              aria-selected={id === activeId}
              tabIndex={id === activeId ? 0 : -1}
              title="Double-click to rename"
              onClick={() => onActivate(id)}
              onDoubleClick={() => setRenamed(id)}
              onKeyDown={(event) => onKey(event, index)}
            >
              {outcome !== undefined && (
                <span className={outcome === 'good' ? 'tab-mark' : 'tab-mark tab-mark-bad'} aria-hidden="true">
                  {outcome === 'good' ? '✓' : '×'}
                </span>
              )}
              {title}
            </button>
          ),
        )}
      </div>
      <button type="button" className="tab-tool" aria-label="Close this query" onClick={() => onClose(activeId)}>
        ×
      </button>
      <button type="button" className="tab-tool" aria-label="New query" onClick={onAdd}>
        +
      </button>
    </div>
  )
}
