/** Starts the console: theme, session, data, pages. */
import '@cloudscape-design/global-styles/index.css'
import './style.css'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './app/app.tsx'
import { isRefusedKey, SessionProvider, signOutOfTab } from './app/session-context.tsx'
import { applyStoredTheme } from './app/theme.ts'

applyStoredTheme()

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      // The SDK has tried three times by itself; a lake that is being restarted is back within seconds.
      retry: (count, error) => count < 2 && !isAnswer(error),
      refetchOnWindowFocus: true,
    },
  },
  queryCache: new QueryCache({
    onError: (error) => {
      if (isRefusedKey(error)) signOutOfTab('expired')
    },
  }),
})

/** The lake has answered; asking again changes nothing. */
function isAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && '$metadata' in error
}

const container = document.getElementById('app')
if (container === null) throw new Error('The page has no place for the console.')
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <BrowserRouter basename="/_lakelet/console">
        <SessionProvider>
          <App />
        </SessionProvider>
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
)
