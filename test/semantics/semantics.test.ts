import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseSlt } from './slt.ts'
import { type Outcome, openStatements } from './statement.ts'

const CASES = join(import.meta.dirname, 'cases')

let run: (sql: string) => Promise<Outcome>
beforeAll(async () => {
  run = await openStatements()
})

for (const file of readdirSync(CASES)
  .filter((name) => name.endsWith('.slt'))
  .sort()) {
  describe(file, () => {
    for (const each of parseSlt(readFileSync(join(CASES, file), 'utf8'))) {
      test(`line ${each.line}: ${each.sql.slice(0, 100).replaceAll('\n', ' ')}`, async () => {
        const outcome = await run(each.sql)
        const { expected } = each
        if (expected.kind === 'failure' && expected.message === undefined && outcome.kind === 'failure') {
          expect(outcome.code).toBe(expected.code)
        } else {
          expect(outcome).toEqual(expected)
        }
      })
    }
  })
}
