/**
 * Reads the repository itself and says what is untidy: globals that have a collaborator, leftover notes to self,
 * catch blocks without a reason, sources that nothing tests or imports. Silent and 0 when all is well.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importsOf } from './check-layers.ts'

export interface SourceFile {
  /** Relative to `src`, with forward slashes. */
  readonly path: string
  readonly text: string
}

interface Rule {
  readonly pattern: RegExp
  readonly says: string
  /** Folders or files where the thing is at home. */
  readonly home: readonly string[]
}

const RULES: readonly Rule[] = [
  {
    pattern: /\bDate\.now\(\)|\bnew Date\(\)/,
    says: 'takes the time from a Clock: clock.nowMs()',
    home: ['platform/clock.ts', 'cli/'],
  },
  { pattern: /\bMath\.random\(\)/, says: 'takes randomness from a Random', home: [] },
  { pattern: /\brandomUUID\(\)/, says: 'takes identifiers from Ids', home: [] },
  {
    pattern: /(?<!\.)\b(setTimeout|setInterval)\(/,
    says: 'waits through a Clock: clock.after(), clock.sleep()',
    home: ['platform/clock.ts', 'cli/', 'engine/duckdb/child'],
  },
  { pattern: /\bprocess\.env\b/, says: 'takes settings from Settings', home: ['cli/main.ts', 'platform/spawn.ts'] },
  { pattern: /\bconsole\.(log|error|warn)\(/, says: 'reports through Log or Terminal', home: [] },
  { pattern: /\b(TODO|FIXME)\b/, says: 'is unfinished: finish it, or refuse by name', home: [] },
  { pattern: /catch( \([^)]*\))? \{\s*\}/, says: 'swallows an error: say why on that line', home: [] },
]

const GENERATED = 'wire/model/'

export function untidiness(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !file.path.startsWith(GENERATED))
    .flatMap((file) =>
      RULES.filter((rule) => !rule.home.some((place) => file.path.startsWith(place))).flatMap((rule) =>
        file.text.split('\n').flatMap((line, index) => {
          const code = rule.pattern.source.includes('TODO') ? line : line.replace(/^\s*(\*|\/\/|\/\*).*$/, '')
          return rule.pattern.test(code) ? [`src/${file.path}:${index + 1} ${rule.says}`] : []
        }),
      ),
    )
}

/** Files that nothing imports and that are no entry of their own. */
export function orphans(paths: readonly string[], imported: ReadonlySet<string>, entries: readonly string[]): string[] {
  return paths
    .filter((path) => !imported.has(`src/${path}`) && !entries.includes(path))
    .map((path) => `src/${path} is imported by nothing`)
}

/** Started by URL (threads, processes) or by the user. */
function isEntry(text: string): boolean {
  return /\bparentPort\b|process\.on\('message'|#!\/usr\/bin\/env node/.test(text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const files = paths.map((path) => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') }))
  const imported = new Set(importsOf(root).map((found) => found.target))
  const entries = ['main.ts', ...files.filter((file) => isEntry(file.text)).map((file) => file.path)]
  const found = [...untidiness(files), ...orphans(paths, imported, entries)]
  for (const line of found) console.error(line)
  process.exit(found.length === 0 ? 0 : 1)
}
