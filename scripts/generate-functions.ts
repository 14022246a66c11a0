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

const DIFFERENCES: readonly (readonly [what: string, how: string])[] = [
  [
    'Row pattern recognition (`MATCH_RECOGNIZE`, measures in windows)',
    'refused by name: it needs a matcher of its own',
  ],
  ['`JSON_TABLE`, table functions', 'refused by name'],
  [
    'Correlated subqueries that Trino cannot take apart, among them those with `LIMIT` or `GROUP BY` inside',
    'answered, where Athena refuses the query',
  ],
  ['A constant list of `IN` with a failing item behind a match', 'that item is not evaluated, so nothing fails'],
  ['A sum of bigint over a window that overflows and comes back', 'gives the sum, where Athena fails on the way'],
  ['A decimal average whose sum has more than 38 digits', 'fails with NUMERIC_VALUE_OUT_OF_RANGE'],
  ['JSON numbers of more than 17 digits inside JSON that is computed with', 'read as doubles'],
  ['`array_position`, `array_remove`, keys of `map` with unknown parts inside', 'compared, where Athena refuses'],
  ['`beta_cdf`, `normal_cdf` far out in a tail', 'differ in the last digits'],
  ['Dates and zoned timestamps before the year -100000', 'the ends of the ranges differ'],
  ['`approx_distinct`, `approx_percentile`, `approx_most_frequent`', 'exact'],
  [
    'HyperLogLog',
    "Trino's bytes, so sketches can be exchanged; large ones are counted by another estimator of the same error",
  ],
  ['t-digest', "Trino's bytes"],
  ['Quantile digest, set digest', "lakelet's own bytes; a digest of bigint is exact to 2^53"],
  [
    'Geospatial: results of union, intersection, hull and buffer',
    'the same shapes; the order of their points is of JTS, and 3D points are not offered',
  ],
  [
    '`VALUES (ROW(1, 2)) AS t(a)`',
    'two columns, so one name is refused, as Trino 476 does; newer ones may read it otherwise',
  ],
  ['The zone of the session', 'always UTC'],
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
