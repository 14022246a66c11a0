/** Clients that a machine may lack. Their tests are skipped there, and say why. */
import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process'
import type { TestLake } from './lake.ts'

const SILENT: SpawnSyncOptions = { stdio: 'ignore' }

/** The reason to skip, or undefined when boto3 is there. */
export const noBoto3 =
  spawnSync('python3', ['-c', 'import boto3'], SILENT).status === 0
    ? undefined
    : 'skipped: python3 with boto3 is not installed'

const lacking = (program: string, args: readonly string[], name: string) =>
  spawnSync(program, args, SILENT).status === 0 ? undefined : `skipped: ${name} is not installed`

export const noAwsCli = lacking('aws', ['--version'], 'the AWS CLI')
/** Version 1 of it is a Python module, too. */
export const noAwsCliModule = lacking('python3', ['-c', 'import awscli'], 'version 1 of the AWS CLI')
export const noRclone = lacking('rclone', ['version'], 'rclone')
export const noPython = lacking('python3', ['-c', ''], 'python3')
/** Able to run a source file. */
export const noJava = lacking('java', ['--version'], 'Java 11')
export const noUnzip = lacking('unzip', ['-v'], 'unzip')
export const noS3cmd = lacking('s3cmd', ['--version'], 's3cmd')

/** A python with s3fs, pyarrow, awswrangler, pyiceberg and PyAthena: the one LAKELET_TEST_PYTHON names (.ci/run makes it), or the machine's own. */
export const python = process.env['LAKELET_TEST_PYTHON'] ?? 'python3'
export const noS3fs = lacking(python, ['-c', 'import s3fs'], `s3fs for ${python}`)
export const noArrow = lacking(python, ['-c', 'from pyarrow.fs import S3FileSystem'], `pyarrow for ${python}`)
export const noWrangler = lacking(python, ['-c', 'import awswrangler'], `awswrangler for ${python}`)
export const noIceberg = lacking(python, ['-c', 'import pyarrow, pyiceberg.catalog.glue'], `pyiceberg for ${python}`)
export const noPyAthena = lacking(
  python,
  ['-c', 'import pandas, pyarrow, pyathena, sqlalchemy'],
  `PyAthena with pandas, pyarrow and SQLAlchemy for ${python}`,
)

/** A python with dbt-athena, which wants an older PyAthena: the one LAKELET_TEST_DBT names, or the machine's own. */
export const dbtPython = process.env['LAKELET_TEST_DBT'] ?? 'python3'
export const noDbt = lacking(
  dbtPython,
  ['-c', 'import dbt.cli.main, dbt.adapters.athena'],
  `dbt-athena for ${dbtPython}`,
)

/** AWS's runtime interface emulator for Lambda functions, which must be named, and its runtime client for Python. */
export const lambdaEmulator = process.env['LAKELET_TEST_LAMBDA_EMULATOR'] ?? ''
export const noLambdaEmulator =
  lambdaEmulator === ''
    ? 'skipped: LAKELET_TEST_LAMBDA_EMULATOR does not say where aws-lambda-rie is'
    : lacking(python, ['-c', 'import awslambdaric'], `awslambdaric for ${python}`)

/** A title that tells why its tests do not run. */
export const titled = (title: string, reason: string | undefined) =>
  reason === undefined ? title : `${title} (${reason})`

/**
 * Runs a program as a client of the lake and resolves to its standard output. Rejects with all it printed when it
 * ends with another status than 0.
 */
export function runAgainst(
  lake: TestLake,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { PATH, PYENV_ROOT } = process.env
  const env = { PATH, PYENV_ROOT, HOME: lake.directory, ...lake.environment, ...environment }
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0
        ? resolve(output)
        : reject(new Error(`${program} ${args.join(' ')} ended with ${status}: ${errors}${output}`)),
    )
  })
}
