/** What surrounds every page: the bar with who is signed in, the way to the services, notices, the exercise beside it. */
import AppLayout from '@cloudscape-design/components/app-layout'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import TopNavigation from '@cloudscape-design/components/top-navigation'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { Notifications } from '../components/notifications.tsx'
import { callerIdentity } from '../drivers/sts.ts'
import { crumbsOf } from './breadcrumbs.ts'
import { useSession } from './session-context.tsx'
import { chooseTheme, currentTheme } from './theme.ts'

const Exercise = lazy(() => import('../routes/exercise/exercise.tsx'))

export const BASE = '/_lakelet/console'
const NAVIGATION: readonly SideNavigationProps.Item[] = [
  { type: 'link', text: 'Home', href: '/' },
  { type: 'section', text: 'Firehose', items: [{ type: 'link', text: 'Delivery streams', href: '/firehose/streams' }] },
  { type: 'section', text: 'S3', items: [{ type: 'link', text: 'Buckets', href: '/s3/buckets' }] },
  {
    type: 'section',
    text: 'Glue',
    items: [
      { type: 'link', text: 'Databases', href: '/glue/databases' },
      { type: 'link', text: 'Tables', href: '/glue/tables' },
      { type: 'link', text: 'Crawlers', href: '/glue/crawlers' },
      { type: 'link', text: 'Triggers', href: '/glue/triggers' },
      { type: 'link', text: 'Workflows', href: '/glue/workflows' },
    ],
  },
  {
    type: 'section',
    text: 'Athena',
    items: [
      { type: 'link', text: 'Query editor', href: '/athena/editor' },
      { type: 'link', text: 'Recent queries', href: '/athena/history' },
      { type: 'link', text: 'Saved queries', href: '/athena/saved' },
      { type: 'link', text: 'Workgroups', href: '/athena/workgroups' },
    ],
  },
]

/** Pages that need the room. */
const WIDE = new Set(['/athena/editor'])

export function Shell({ children }: { readonly children: ReactNode }) {
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const [isExerciseOpen, setExerciseOpen] = useState(() => sessionStorage.getItem('lakelet.exercise') === 'open')
  const [isNavigationOpen, setNavigationOpen] = useState(() => innerWidth > 1100)
  const openExercise = (isOpen: boolean) => {
    sessionStorage.setItem('lakelet.exercise', isOpen ? 'open' : 'closed')
    setExerciseOpen(isOpen)
  }
  const follow = (event: CustomEvent<{ href?: string; external?: boolean }>) => {
    if (event.detail.external || event.detail.href === undefined) return
    event.preventDefault()
    navigate(event.detail.href.replace(BASE, '') || '/')
  }
  const withBase = (items: readonly SideNavigationProps.Item[]): SideNavigationProps.Item[] =>
    items.map((item) => {
      if (item.type === 'link') return { ...item, href: BASE + item.href }
      return item.type === 'section' ? { ...item, items: withBase(item.items) } : item
    })
  return (
    <>
      <div id="top">
        <Top onExercise={() => openExercise(!isExerciseOpen)} />
      </div>
      <AppLayout
        headerSelector="#top"
        contentType={WIDE.has(pathname) ? 'default' : 'table'}
        maxContentWidth={Number.MAX_VALUE}
        navigationOpen={isNavigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigation={
          <SideNavigation
            header={{ text: 'lakelet', href: `${BASE}/` }}
            activeHref={BASE + activeHref(pathname)}
            items={withBase(NAVIGATION)}
            onFollow={follow}
          />
        }
        breadcrumbs={
          pathname === '/' ? undefined : (
            <BreadcrumbGroup
              ariaLabel="Where you are"
              items={crumbsOf(pathname).map(({ text, href }) => ({ text, href: BASE + href }))}
              onFollow={follow}
            />
          )
        }
        notifications={<Notifications />}
        tools={
          <Suspense fallback={null}>
            <Exercise isOpen={isExerciseOpen} />
          </Suspense>
        }
        toolsOpen={isExerciseOpen}
        onToolsChange={({ detail }) => openExercise(detail.open)}
        toolsWidth={360}
        ariaLabels={{
          navigation: 'Services',
          navigationClose: 'Close the list of services',
          navigationToggle: 'Open the list of services',
          notifications: 'Notices',
          tools: 'Guided exercise',
          toolsClose: 'Close the exercise',
          toolsToggle: 'Open the exercise',
        }}
        content={children}
      />
    </>
  )
}

/** The link of the list that an address is at or below. */
function activeHref(pathname: string): string {
  return pathname === '/' ? '/' : `/${pathname.split('/').slice(1, 3).join('/')}`
}

function Top({ onExercise }: { readonly onExercise: () => void }) {
  const { session, signOut } = useSession()
  const [theme, setTheme] = useState(currentTheme)
  const navigate = useNavigate()
  const { data: identity } = useQuery({
    queryKey: ['identity'],
    queryFn: callerIdentity,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const who = identity?.arn.replace(/^arn:aws:\w+::\d+:/, '') ?? session?.accessKeyId ?? ''
  return (
    <TopNavigation
      identity={{
        href: `${BASE}/`,
        logo: { src: `${BASE}/logo.svg`, alt: 'lakelet' },
        onFollow: (event) => {
          event.preventDefault()
          navigate('/')
        },
      }}
      utilities={[
        { type: 'button', text: 'Guided exercise', iconName: 'status-info', onClick: onExercise },
        {
          type: 'button',
          ariaLabel: theme === 'dark' ? 'Use light colours' : 'Use dark colours',
          title: theme === 'dark' ? 'Use light colours' : 'Use dark colours',
          iconSvg: <ThemeIcon />,
          onClick: () => {
            const next = theme === 'dark' ? 'light' : 'dark'
            chooseTheme(next)
            setTheme(next)
          },
        },
        {
          type: 'button',
          text: session?.region ?? '',
          disableUtilityCollapse: true,
          ariaLabel: `Region ${session?.region}`,
        },
        {
          type: 'menu-dropdown',
          text: who,
          description: identity === undefined ? undefined : `Account ${identity.accountId}`,
          iconName: 'user-profile',
          items: [{ id: 'sign-out', text: 'Sign out' }],
          onItemClick: ({ detail }) => {
            if (detail.id === 'sign-out') signOut()
          },
        },
      ]}
      i18nStrings={{ overflowMenuTriggerText: 'More', overflowMenuTitleText: 'All' }}
    />
  )
}

function ThemeIcon() {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" />
    </svg>
  )
}
