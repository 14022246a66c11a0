/** Reads case files: `# claim` (optional), the statement, `----`, what is expected; a blank line ends a case. */
import { readFileSync } from 'node:fs'

export interface Case {
  readonly name: string
  readonly sql: string
  readonly expected: string
}

export function casesIn(file: string): readonly Case[] {
  const text = readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8')
  return text
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const [question = '', expected = ''] = block.split('\n----\n')
      const [first = '', ...rest] = question.split('\n')
      const claim = first.startsWith('# ') ? first.slice(2) : undefined
      const sql = claim === undefined ? question : rest.join('\n')
      return { name: claim ?? sql, sql, expected }
    })
}
