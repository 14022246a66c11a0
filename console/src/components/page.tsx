/** The frame of a page: its title, its buttons, its content. */
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, useEffect } from 'react'

interface PageProps {
  readonly title: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, description, actions, children }: PageProps) {
  useTitle(title)
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  )
}

/** Of the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · lakelet`
  }, [title])
}
