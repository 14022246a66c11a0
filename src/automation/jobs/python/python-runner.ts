/**
 * Runs scripts by the machine's Python, each in a folder and a process group of its own, which end with it.
 *
 * A script is not locked in: it is a program of whoever may start jobs, with the rights of the user that lakelet runs as.
 * What it gets is only what a job needs: none of lakelet's own environment, an empty home, keys of the job's role.
 */
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock } from '../../../platform/clock.ts'
import type { FileSystem } from '../../../platform/file-system.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { outputOf, startGroup } from '../../../platform/spawn.ts'
import type { Script, ScriptOutput, ScriptRunner } from '../script-runner.ts'
import { linesOf } from './output-lines.ts'
import { AWS_CONFIG, AWSGLUE_UTILS, HOST } from './python-files.ts'
import { runningScript } from './running-script.ts'

export interface PythonRunnerParts {
  /** Where scripts have their folders. What is in it from before a crash is removed. */
  readonly directory: string
  /** A program; undefined: `python3` of the PATH. */
  readonly python: string | undefined
  readonly region: string
  /** The lake's address, once it listens. */
  readonly endpoint: () => string
  /** Of lakelet: where programs are found. */
  readonly path: string
  readonly files: FileSystem
  readonly clock: Clock
}

/** Python 3.8 is the oldest that today's boto3 runs on. */
const ASK = 'import sys; print(sys.executable); print(sys.version_info >= (3, 8))'

export async function openPythonRunner(parts: PythonRunnerParts): Promise<ScriptRunner> {
  const { directory, files } = parts
  await files.removeTree(directory)
  let python: string | undefined
  return {
    async start(script, output) {
      python ??= await executable(parts.python ?? 'python3')
      const folder = join(directory, script.runId)
      await writeFolder(folder, script, files)
      const file = join(folder, 'script', fileName(script.name))
      const child = startGroup([python, '-I', '-S', join(folder, 'host.py'), '-u', file, ...script.arguments], {
        directory: folder,
        environment: environmentOf(script, folder, parts),
      })
      const told = Promise.all([tell('output', child.stdout, output), tell('error', child.stderr, output)])
      told.catch(() => undefined) // Whoever awaits the script's end hears of it.
      return runningScript(child, { clock: parts.clock, told, tidyUp: () => files.removeTree(folder) })
    },
  }
}

/** The Python itself: `python3` may be a shim that finds it by the user's environment, which scripts have not got. */
async function executable(program: string): Promise<string> {
  let answer: string
  try {
    answer = await outputOf([program, '-c', ASK])
  } catch (cause) {
    throw new Refusal(
      'cannotRun',
      `${program} cannot be run on the machine of the lake: install Python 3.8 or later, or start lakelet with --job-python and its path.`,
      { cause },
    )
  }
  const [path = '', isRecent] = answer.trim().split('\n')
  if (isRecent !== 'True') {
    throw new Refusal(
      'cannotRun',
      `${path} is older than Python 3.8: start lakelet with --job-python and the path of a newer one.`,
    )
  }
  return path
}

async function writeFolder(folder: string, script: Script, files: FileSystem): Promise<void> {
  const write = async (path: string, body: Uint8Array | string) => {
    const file = await files.open(join(folder, path), 'create')
    await file.write(typeof body === 'string' ? Buffer.from(body) : body)
    await file.close()
  }
  await files.removeTree(folder)
  for (const inside of ['script', 'home', 'temporary', 'libraries', 'lakelet/awsglue'])
    await files.makeDirectory(join(folder, inside))
  await write('host.py', HOST)
  await write('aws-config', AWS_CONFIG)
  await write('lakelet/awsglue/__init__.py', '')
  await write('lakelet/awsglue/utils.py', AWSGLUE_UTILS)
  await write(`script/${fileName(script.name)}`, script.body)
  for (const { name, body } of script.libraries) await write(`libraries/${fileName(name)}`, body)
}

/** Keys of objects may hold what names of files may not. */
function fileName(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_')
  return /^\.*$/.test(plain) ? 'script.py' : plain.slice(-200)
}

function environmentOf(script: Script, folder: string, parts: PythonRunnerParts): Record<string, string> {
  const { keys, libraries } = script
  const archives = libraries
    .filter(({ name }) => !name.endsWith('.py'))
    .map(({ name }) => `libraries/${fileName(name)}`)
  const found = ['libraries', ...archives, 'lakelet'].map((inside) => join(folder, inside))
  return {
    PATH: parts.path,
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'temporary'),
    LANG: 'C.UTF-8',
    PYTHONPATH: found.join(':'),
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    AWS_ENDPOINT_URL: parts.endpoint(),
    AWS_REGION: parts.region,
    AWS_DEFAULT_REGION: parts.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.token,
    AWS_CONFIG_FILE: join(folder, 'aws-config'),
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

async function tell(stream: 'output' | 'error', from: Readable, output: ScriptOutput): Promise<void> {
  for await (const line of linesOf(from)) await output.line(stream, line)
}
