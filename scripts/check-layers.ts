/**
 * Proves that every import in `src` points downwards, by the rank table of docs/ARCHITECTURE.md, and that the console
 * takes of the lake's sources only what is listed here. Prints each offence with the reason and exits 1; silent when all is
 * well.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const RANKS: Readonly<Record<string, number>> = {
  platform: 0,
  sql: 1,
  formats: 1,
  config: 1,
  keys: 1,
  telemetry: 1,
  objects: 2,
  catalog: 2,
  identity: 2,
  engine: 3,
  backup: 2,
  delivery: 4,
  crawl: 4,
  automation: 4,
  query: 4,
  simulator: 4,
  services: 5,
  gateway: 6,
  'main.ts': 7,
}

/** Folders with rules of their own instead of a rank. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  wire: ['platform'],
  services: [
    'platform',
    'wire',
    'config',
    'sql',
    'formats',
    'keys',
    'telemetry',
    'objects',
    'backup',
    'catalog',
    'identity',
    'engine',
    'delivery',
    'crawl',
    'automation',
    'query',
  ],
  gateway: ['platform', 'wire', 'config', 'services'],
  cli: ['platform', 'config', 'simulator'],
}

const BACKENDS = [
  'objects/local',
  'objects/s3',
  'catalog/embedded',
  'catalog/postgres',
  'engine/duckdb',
  'engine/trino',
  'automation/flows/embedded',
  'automation/jobs/embedded',
  'automation/jobs/python',
]
const DRIVERS: Readonly<Record<string, string>> = {
  libsql: 'platform',
  '@duckdb/node-api': 'engine/duckdb',
}

/** Pure code that says the same in a browser (docs/decisions/0018). Types of the server's inside are not for the console. */
const OF_THE_CONSOLE = [
  'platform/ids.ts',
  'platform/random.ts',
  'simulator/',
  'delivery/prefix/',
  'sql/functions/athena-names.ts',
]

interface Import {
  readonly file: string
  readonly target: string
}

export function offences(imports: readonly Import[]): string[] {
  return imports.flatMap(({ file, target }) => {
    const problem = offence(file, target)
    return problem === undefined ? [] : [`${file}: ${problem}`]
  })
}

function offence(file: string, target: string): string | undefined {
  const from = file.split('/')[0] as string
  if (!target.startsWith('src/')) {
    const driver = Object.keys(DRIVERS).find((name) => target === name || target.startsWith(`${name}/`))
    const home = driver === undefined ? undefined : DRIVERS[driver]
    if (home !== undefined && !file.startsWith(`${home}/`)) return `only ${home} may import the driver ${target}`
    if (target.startsWith('@aws-sdk/') && from !== 'cli') return 'only cli may import AWS SDK clients'
    return undefined
  }
  const path = target.slice('src/'.length)
  const to = path.split('/')[0] as string
  if (to === 'main.ts') {
    // `lakelet up` is the launch of the program, not a use of a part.
    return file === 'cli/commands/up.ts' ? undefined : 'nobody imports main.ts: it composes, it is not a part'
  }
  const backend = BACKENDS.find((name) => path.startsWith(`${name}/`))
  if (backend !== undefined && !file.startsWith(`${backend}/`) && from !== 'main.ts')
    return `${backend} is a backend: only main.ts chooses it`
  if (from === to) {
    const [here, there] = [file.split('/')[1], path.split('/')[1]]
    const separate = from === 'services' && here !== there && path.split('/').length > 2
    return separate ? `services/${here} may not import services/${there}: services do not know each other` : undefined
  }
  if (from === 'main.ts') return undefined
  const allowed = ALLOWED[from]
  if (allowed !== undefined)
    return allowed.includes(to) ? undefined : `${from} may import only ${allowed.join(', ')}, not ${to}`
  if (to === 'wire' || to === 'cli') return `${from} may not import ${to}: wire shapes stop at services`
  const [here, there] = [RANKS[from], RANKS[to]]
  if (here === undefined || there === undefined)
    return `${here === undefined ? from : to} has no rank: add it to the table`
  if (there < here) return undefined
  return here === 4 && there === 4
    ? `${from} may not import ${to}: stages meet in objects or catalog`
    : `${from} (rank ${here}) may not import ${to} (rank ${there})`
}

/** Of files of `console/src`. */
export function consoleOffences(imports: readonly Import[]): string[] {
  return imports.flatMap(({ file, target }) => {
    const [, path] = /^(?:\.\.\/)+src\/(.*)$/.exec(target.replace(/^src\//, '')) ?? []
    if (path === undefined || OF_THE_CONSOLE.some((allowed) => path.startsWith(allowed))) return []
    return [`console/src/${file}: the console may import only ${OF_THE_CONSOLE.join(', ')} of the lake's sources`]
  })
}

export function importsOf(root: string, folder = 'src'): Import[] {
  const source = join(root, folder)
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(join(source, name), 'utf8')
      const targets = [
        ...text.matchAll(/^(?:import|export)\b[^'"]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm),
      ]
      return targets.map((match) => {
        const target = (match[1] ?? match[2] ?? match[3]) as string
        return { file: name, target: target.startsWith('.') ? `src/${normalize(join(dirname(name), target))}` : target }
      })
    })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = relative(process.cwd(), fileURLToPath(new URL('..', import.meta.url))) || '.'
  const found = [...offences(importsOf(root)), ...consoleOffences(importsOf(root, 'console/src'))]
  for (const line of found) console.error(line)
  process.exit(found.length === 0 ? 0 : 1)
}
