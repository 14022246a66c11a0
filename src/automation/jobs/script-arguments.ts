/**
 * What a script finds in `sys.argv` behind its own name: `--NAME value` for each argument, the job's defaults under those
 * of the run under those that nobody may change; then `--JOB_NAME` and `--JOB_RUN_ID`, and of a workflow's run its name
 * and id. Arguments that are for Glue itself do not reach the script (Glue developer guide, "Using job parameters in
 * AWS Glue jobs").
 */
import { Refusal } from '../../platform/refusal.ts'
import type { Arguments, Job, JobRun } from './job-types.ts'

/** Libraries of the job in S3: modules (`.py`), wheels, eggs, zips. */
export const EXTRA_FILES = '--extra-py-files'

/** For Glue, and without meaning here: scripts run on this machine and log to this lake whatever these say. */
const FOR_GLUE: ReadonlySet<string> = new Set([
  EXTRA_FILES,
  '--job-language',
  '--job-bookmark-option',
  '--enable-metrics',
  '--enable-observability-metrics',
  '--enable-continuous-cloudwatch-log',
  '--enable-job-insights',
  '--enable-glue-datacatalog',
  '--library-set',
])

/** For Glue, and not done here: whoever gives one is told. */
const REFUSED: Readonly<Record<string, string>> = {
  '--additional-python-modules': "a job has the modules of the machine's Python: install them there with pip",
  '--python-modules-installer-option': "a job has the modules of the machine's Python: install them there with pip",
  '--extra-files': 'the script can read them from S3 itself',
}

export type JobArguments = Pick<Job, 'name' | 'defaultArguments' | 'nonOverridableArguments'>

export function scriptArguments(job: JobArguments, run: Pick<JobRun, 'id' | 'arguments' | 'by'>): string[] {
  const { workflow } = run.by ?? {}
  const given = Object.entries(argumentsOf(job, run)).filter(([name]) => !FOR_GLUE.has(name))
  const known: [string, string][] = [
    ['--JOB_NAME', job.name],
    ['--JOB_RUN_ID', run.id],
    ...(workflow === undefined
      ? []
      : ([
          ['--WORKFLOW_NAME', workflow.name],
          ['--WORKFLOW_RUN_ID', workflow.runId],
        ] as [string, string][])),
  ]
  const names = new Set(known.map(([name]) => name))
  return [...given.filter(([name]) => !names.has(name)), ...known].flat()
}

/** `s3://…` of each library. */
export function extraFiles(job: JobArguments, run: Pick<JobRun, 'arguments'>): string[] {
  return (argumentsOf(job, run)[EXTRA_FILES] ?? '').split(',').flatMap((one) => one.trim() || [])
}

/** Refuses invalidInput for an argument that would have an effect on AWS and has none here. */
export function checkArguments(given: Arguments): void {
  for (const name of Object.keys(given)) {
    const instead = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined
    if (instead !== undefined) throw new Refusal('invalidInput', `${name} is not offered by lakelet: ${instead}.`)
  }
}

function argumentsOf(job: JobArguments, run: Pick<JobRun, 'arguments'>): Arguments {
  return { ...job.defaultArguments, ...run.arguments, ...job.nonOverridableArguments }
}
