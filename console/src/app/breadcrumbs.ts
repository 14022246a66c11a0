/** Where an address is: the names of the pages on the way to it. */
const NAMES: Readonly<Record<string, string>> = {
  s3: 'S3',
  buckets: 'Buckets',
  objects: 'Objects',
  firehose: 'Firehose',
  streams: 'Delivery streams',
  glue: 'Glue',
  databases: 'Databases',
  tables: 'Tables',
  crawlers: 'Crawlers',
  workflows: 'Workflows',
  triggers: 'Triggers',
  athena: 'Athena',
  editor: 'Query editor',
  history: 'Recent queries',
  saved: 'Saved queries',
  workgroups: 'Workgroups',
  create: 'Create',
}

/** Parts of addresses that are no pages themselves. */
const NO_PAGES = new Set(['objects'])

export interface Crumb {
  readonly text: string
  /** Within the console. */
  readonly href: string
}

/** `/s3/buckets/lake` → S3 / Buckets / lake. The first of each service leads to its first page. */
export function crumbsOf(path: string): readonly Crumb[] {
  const parts = path.split('/').filter((piece) => piece !== '')
  const crumbs: Crumb[] = [{ text: 'lakelet', href: '/' }]
  let href = ''
  for (const [index, piece] of parts.entries()) {
    href += `/${piece}`
    const name = decodeURIComponent(piece)
    if (NO_PAGES.has(name) && index > 0) continue
    const isName = index >= 2 && parts[index - 1] !== undefined && !(name === 'create')
    crumbs.push({ text: isName && !NAMES[name] ? name : (NAMES[name] ?? name), href })
  }
  return crumbs
}
