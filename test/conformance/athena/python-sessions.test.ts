/**
 * Sessions of Python's clients of Athena, each with a lake of its own that verifies signatures: the scripts beside
 * this file, claim by claim.
 */
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dbtPython, noDbt, noPyAthena, noWrangler, python, runAgainst } from '../../support/installed.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(async () => {
  directory = temporaryDirectory()
  lake = await startLake(directory.path)
})
afterEach(async () => {
  await lake.stop()
  directory.remove()
})

/** Where the scripts find `claims`. */
const PYTHONPATH = fileURLToPath(new URL('../s3', import.meta.url))

test.for([
  { client: 'PyAthena', lacks: noPyAthena, program: python, script: 'pyathena-session.py', claims: 96 },
  { client: "awswrangler's athena", lacks: noWrangler, program: python, script: 'wrangler-session.py', claims: 46 },
  { client: 'dbt-athena', lacks: noDbt, program: dbtPython, script: 'dbt-session.py', claims: 22 },
])('$client: every claim holds', async ({ lacks, program, script, claims }, { skip }) => {
  if (lacks !== undefined) skip(lacks)
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake, program, [path], { PYTHONPATH })) as { held: number }
  expect(held).toBe(claims)
})
