/** A bucket: its objects, its properties. */
import Tabs from '@cloudscape-design/components/tabs'
import { useParams, useSearchParams } from 'react-router'
import { Page } from '../../components/page.tsx'
import { BucketPropertiesTab } from './bucket-properties.tsx'
import { ObjectBrowser } from './object-browser.tsx'

export function BucketPage() {
  const { bucket = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') ?? 'objects'
  return (
    <Page title={bucket}>
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => setSearch(detail.activeTabId === 'objects' ? {} : { tab: detail.activeTabId })}
        tabs={[
          { id: 'objects', label: 'Objects', content: <ObjectBrowser bucket={bucket} /> },
          { id: 'properties', label: 'Properties', content: <BucketPropertiesTab bucket={bucket} /> },
        ]}
      />
    </Page>
  )
}
