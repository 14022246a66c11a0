/**
 * Writes `docs/functions.md`: every function of Athena engine version 3 and whether it works here. What works is read
 * from the program itself: a declaration of the language and a translation of the engine.
 *
 *   npm run generate                                           writes it, among others
 *   tsx scripts/generate-functions.ts [--check]                writes it, or proves that it is fresh
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { aggregateTranslations } from '../src/engine/duckdb/functions/aggregate.ts'
import { scalarTranslations } from '../src/engine/duckdb/functions/scalar.ts'
import { windowTranslations } from '../src/engine/duckdb/functions/window.ts'
import { FUNCTION_FAMILIES, SPECIAL_FORMS } from '../src/sql/functions/athena-names.ts'
import { functionsNamed } from '../src/sql/functions/registry.ts'

const TRANSLATIONS = { scalar: scalarTranslations, aggregate: aggregateTranslations, window: windowTranslations }

/** Declared, and every way of calling it has a translation. */
export function works(name: string): boolean {
  if (SPECIAL_FORMS.includes(name)) return true
  const declarations = functionsNamed(name)
  return declarations.length > 0 && declarations.every(({ kind, name: key }) => key in TRANSLATIONS[kind])
}

const DIFFERENCES: readonly (readonly [what: string, why: string])[] = [
  [
    'Row pattern recognition (`MATCH_RECOGNIZE`, measures in windows)',
    'refused by name; every engine below would need a matcher of its own',
  ],
  [
    'Correlated subqueries that Trino cannot take apart, among them those with `LIMIT` or `GROUP BY` over several groups',
    'answered here, where Athena refuses the query',
  ],
  ['A constant list of `IN` with a failing item behind a match', 'not evaluated here: no error'],
  [
    'JSON numbers with more than 17 significant digits, inside JSON text that is computed with',
    'read as doubles, as JavaScript has them',
  ],
  ['`approx_distinct`, `approx_percentile`', 'within the same bounds of error, not the same estimates'],
]

function page(): string {
  const families = Object.entries(FUNCTION_FAMILIES)
  const lines = families.map(([family, names]) => {
    const offered = names.filter(works)
    return `| [${family}](#${anchorOf(family)}) | ${offered.length} | ${names.length - offered.length} |`
  })
  return `<!-- Written by scripts/generate-functions.ts (npm run generate). Do not edit. -->

# Functions

The functions of Athena engine version 3, and which of them lakelet offers: read from its own declarations. A function
that is not offered fails the query with \`NOT_SUPPORTED\` and its name. \`SHOW FUNCTIONS\` lists the signatures.

| family | works | refused |
| --- | --- | --- |
${lines.join('\n')}

${families.map(sectionOf).join('\n\n')}

## Where answers differ from Athena's

| what | how |
| --- | --- |
${DIFFERENCES.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`
}

function sectionOf([family, names]: readonly [string, readonly string[]]): string {
  const listed = (of: readonly string[]) => of.map((name) => `\`${name}\``).join(', ')
  const refused = names.filter((name) => !works(name))
  const offered = names.filter(works)
  const lines = [
    ...(offered.length > 0 ? [`Works: ${listed(offered)}.`] : []),
    ...(refused.length > 0 ? [`Refused: ${listed(refused)}.`] : []),
  ]
  return `## ${family}\n\n${lines.join('\n\n')}`
}

/** As GitHub makes them of headings. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-')
}

function main(check: boolean): number {
  const path = fileURLToPath(new URL('../docs/functions.md', import.meta.url))
  const text = page()
  if (!check) {
    writeFileSync(path, text)
    return 0
  }
  if (readFileSync(path, 'utf8') === text) return 0
  console.error('docs/functions.md is not what the declarations say: run npm run generate')
  return 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main(process.argv.includes('--check')))
