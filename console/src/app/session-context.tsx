/** Who has signed in, for all of the console; without anybody there is only the sign-in page. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { forgetClients } from '../drivers/connection.ts'
import { type Session, storedSession, storeSession } from '../session.ts'

interface SessionState {
  readonly session: Session | undefined
  /** Why nobody is signed in any more. */
  readonly ended: 'expired' | undefined
  signIn(session: Session): void
  signOut(): void
}

const Context = createContext<SessionState | undefined>(undefined)
const ENDED = 'lakelet:signed-out'

const REFUSED_KEYS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'SignedOut',
])

/** The keys are no good any more, whatever is asked with them. */
export function isRefusedKey(error: unknown): boolean {
  return error instanceof Error && REFUSED_KEYS.has(error.name)
}

/** From outside of components: the session of this tab is over. */
export function signOutOfTab(why: 'expired'): void {
  dispatchEvent(new CustomEvent(ENDED, { detail: why }))
}

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState(storedSession)
  const [ended, setEnded] = useState<'expired'>()
  const queries = useQueryClient()
  const change = useCallback(
    (next: Session | undefined, why?: 'expired') => {
      storeSession(next)
      forgetClients()
      queries.clear()
      setSession(next)
      setEnded(why)
    },
    [queries],
  )
  useEffect(() => {
    const onEnded = () => change(undefined, 'expired')
    addEventListener(ENDED, onEnded)
    return () => removeEventListener(ENDED, onEnded)
  }, [change])
  useEffect(() => {
    const until = session?.expiresAtMs
    if (until === undefined) return
    const timer = setTimeout(() => change(undefined, 'expired'), Math.min(until - Date.now(), 2 ** 31 - 1))
    return () => clearTimeout(timer)
  }, [session, change])
  const state = useMemo<SessionState>(
    () => ({ session, ended, signIn: (next) => change(next), signOut: () => change(undefined) }),
    [session, ended, change],
  )
  return <Context.Provider value={state}>{children}</Context.Provider>
}

export function useSession(): SessionState {
  const found = useContext(Context)
  if (found === undefined) throw new Error('There is no SessionProvider above.')
  return found
}
