/** The bar above every page: what has been done, what has failed. */
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { adviceOf, codeOf, wordsOf } from './errors.tsx'

interface Notices {
  /** Goes away by itself. */
  success(text: ReactNode): void
  info(text: ReactNode, id: string): void
  failure(title: string, error: unknown): void
  clear(id: string): void
}

const Context = createContext<{ notices: Notices; items: readonly FlashbarProps.MessageDefinition[] } | undefined>(
  undefined,
)

const SUCCESS_MS = 8_000
let count = 0

export function NotificationsProvider({ children }: { readonly children: ReactNode }) {
  const [items, setItems] = useState<readonly FlashbarProps.MessageDefinition[]>([])
  const clear = useCallback((id: string) => setItems((now) => now.filter((item) => item.id !== id)), [])
  const add = useCallback(
    (item: FlashbarProps.MessageDefinition, id: string) => {
      const whole = { ...item, id, dismissible: true, dismissLabel: 'Dismiss', onDismiss: () => clear(id) }
      setItems((now) => [whole, ...now.filter((other) => other.id !== id)].slice(0, 5))
    },
    [clear],
  )
  const notices = useMemo<Notices>(
    () => ({
      success(content) {
        const id = `success-${count++}`
        add({ type: 'success', content, ariaRole: 'status' }, id)
        setTimeout(() => clear(id), SUCCESS_MS)
      },
      info: (content, id) => add({ type: 'info', content, ariaRole: 'status' }, id),
      failure(header, error) {
        const advice = adviceOf(error)
        const content = `${codeOf(error)}: ${wordsOf(error)}${advice === undefined ? '' : ` ${advice}`}`
        add({ type: 'error', header, content, ariaRole: 'alert' }, `failure-${count++}`)
      },
      clear,
    }),
    [add, clear],
  )
  return <Context.Provider value={useMemo(() => ({ notices, items }), [notices, items])}>{children}</Context.Provider>
}

export function useNotices(): Notices {
  const found = useContext(Context)
  if (found === undefined) throw new Error('There is no NotificationsProvider above.')
  return found.notices
}

export function Notifications() {
  const found = useContext(Context)
  return <Flashbar items={found?.items ?? []} stackItems={true} />
}
