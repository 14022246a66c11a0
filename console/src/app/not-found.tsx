import { EmptyState } from '../components/empty-state.tsx'
import { LinkButton } from '../components/link.tsx'
import { Page } from '../components/page.tsx'

export function NotFound() {
  return (
    <Page title="No such page">
      <EmptyState
        title="There is nothing at this address."
        action={<LinkButton to="/">Go to the home page</LinkButton>}
      >
        It may have been deleted, or the link may be mistyped.
      </EmptyState>
    </Page>
  )
}
