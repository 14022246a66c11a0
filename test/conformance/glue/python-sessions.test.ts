/**
 * Sessions of Python's clients of a catalog, each with a lake of its own that verifies signatures: the scripts beside
 * this file, claim by claim.
 */
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noBoto3, noIceberg, noWrangler, python, runAgainst } from '../../support/installed.ts'
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
  { client: 'boto3', lacks: noBoto3, program: 'python3', script: 'boto3-session.py', claims: 120 },
  {
    client: "awswrangler's catalog",
    lacks: noWrangler,
    program: python,
    script: 'wrangler-catalog-session.py',
    claims: 54,
  },
  {
    client: "awswrangler's data sets",
    lacks: noWrangler,
    program: python,
    script: 'wrangler-s3-session.py',
    claims: 30,
  },
  { client: 'pyiceberg', lacks: noIceberg, program: python, script: 'iceberg-session.py', claims: 45 },
])('$client: every claim holds', async ({ lacks, program, script, claims }, { skip }) => {
  if (lacks !== undefined) skip(lacks)
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake, program, [path], { PYTHONPATH })) as { held: number }
  expect(held).toBe(claims)
})
