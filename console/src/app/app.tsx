/** The sign-in page, or the shell with the page of the address in it. Each service's pages are loaded when first wanted. */
import Box from '@cloudscape-design/components/box'
import Spinner from '@cloudscape-design/components/spinner'
import { lazy, Suspense } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import { NotificationsProvider } from '../components/notifications.tsx'
import { SignIn } from '../routes/sign-in/sign-in.tsx'
import { storedSession } from '../session.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { NotFound } from './not-found.tsx'
import { useSession } from './session-context.tsx'
import { Shell } from './shell.tsx'

const loadHome = () => import('../routes/home/home.tsx')
const Home = lazy(loadHome)
const S3 = lazy(() => import('../routes/s3/index.tsx'))
const Firehose = lazy(() => import('../routes/firehose/index.tsx'))
const Glue = lazy(() => import('../routes/glue/index.tsx'))
const Athena = lazy(() => import('../routes/athena/index.tsx'))

/** Whoever comes to the first page wants it: it is on its way while the shell is drawn. */
if (/\/console\/?$/.test(location.pathname) && storedSession() !== undefined) void loadHome()

export function App() {
  const { session } = useSession()
  if (session === undefined)
    return (
      <Routes>
        <Route path="*" element={<SignIn />} />
      </Routes>
    )
  return (
    <NotificationsProvider>
      <Shell>
        <ErrorBoundary>
          <Suspense fallback={<Loading />}>
            <Routes>
              <Route path="/" element={<Home />} />
              <Route path="/sign-in" element={<Navigate to="/" replace={true} />} />
              <Route path="/s3/*" element={<S3 />} />
              <Route path="/firehose/*" element={<Firehose />} />
              <Route path="/glue/*" element={<Glue />} />
              <Route path="/athena/*" element={<Athena />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </ErrorBoundary>
      </Shell>
    </NotificationsProvider>
  )
}

function Loading() {
  return (
    <Box textAlign="center" padding="xxl">
      <Spinner size="large" />
      <span className="visually-hidden">Loading</span>
    </Box>
  )
}
