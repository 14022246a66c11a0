/** Sessions of Python's clients with a lake that verifies signatures: the scripts beside this file, claim by claim. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { noArrow, noBoto3, noS3fs, python, runAgainst } from '../../support/installed.ts'
import { lakeOfFile } from '../../support/lake-of-file.ts'

const { lake } = lakeOfFile()

test.for([
  { client: 'boto3', lacks: noBoto3, program: 'python3', script: 'boto3-session.py', claims: 136 },
  { client: 'boto3 with Object Lock', lacks: noBoto3, program: 'python3', script: 'lock-session.py', claims: 62 },
  { client: 's3fs', lacks: noS3fs, program: python, script: 's3fs-session.py', claims: 62 },
  { client: 'pyarrow.fs', lacks: noArrow, program: python, script: 'arrow-session.py', claims: 71 },
])('$client: every claim holds', async ({ lacks, program, script, claims }, { skip }) => {
  if (lacks !== undefined) skip(lacks)
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const { held } = JSON.parse(await runAgainst(lake(), program, [path])) as { held: number }
  expect(held).toBe(claims)
})
