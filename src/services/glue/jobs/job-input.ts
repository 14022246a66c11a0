/**
 * What CreateJob and UpdateJob take, checked: the wire's shape in, the domain's out. What this lake does not do is
 * refused by the member's name. Lengths of texts are in the model, already checked.
 *
 * Spark's members (`WorkerType`, `NumberOfWorkers`, `ExecutionClass`) have no meaning for a Python shell job, on AWS too.
 */
import type { Job, JobInput } from '../../../automation/jobs/job-types.ts'
import { checkArguments } from '../../../automation/jobs/script-arguments.ts'
import type { JobCommand, JobUpdate } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import { refuseMembers } from '../unsupported.ts'

const TIMEOUT_MINUTES = 2880
/** Seven days (Glue API reference, "Job": values have to be less). */
const TIMEOUT_MINUTES_MAX = 10_080
const RETRIES_MAX = 10
/** DPUs: a sixteenth is the default. */
const CAPACITIES: readonly number[] = [0.0625, 1]
const PYTHON_VERSIONS: readonly string[] = ['3', '3.6', '3.9']
const KINDS = ['glueetl', 'gluestreaming', 'glueray']

const NOT_OFFERED = [
  'SecurityConfiguration',
  'SourceControlDetails',
  'CodeGenConfigurationNodes',
  'MaintenanceWindow',
  'WorkerType',
  'NumberOfWorkers',
  'LogUri',
] as const satisfies readonly (keyof JobUpdate)[]

/** All of a job but its name and tags: an update replaces it whole, as on AWS. */
export type JobDefinition = Omit<JobInput, 'name' | 'tags'>

export function definitionOf(input: JobUpdate): JobDefinition {
  refuseMembers(input, NOT_OFFERED)
  if ((input.Connections?.Connections ?? []).length > 0) throw notOffered('Connections', 'leave it out')
  if (input.JobRunQueuingEnabled) throw notOffered('JobRunQueuingEnabled', 'leave it out')
  if (input.NotificationProperty?.NotifyDelayAfter !== undefined)
    throw notOffered('NotificationProperty.NotifyDelayAfter', 'there is nothing here that it could notify')
  if (input.ExecutionClass === 'FLEX') throw notOffered('ExecutionClass FLEX', 'leave it out')
  const { DefaultArguments = {}, NonOverridableArguments = {} } = input
  checkArguments(DefaultArguments)
  checkArguments(NonOverridableArguments)
  if (!input.Role) throw invalidInput('Role is needed: its rights are those of the script.')
  return {
    role: input.Role,
    ...commandOf(input.Command),
    ...(input.Description && { description: input.Description }),
    ...(input.GlueVersion && { glueVersion: input.GlueVersion }),
    defaultArguments: DefaultArguments,
    nonOverridableArguments: NonOverridableArguments,
    maxRetries: within('MaxRetries', input.MaxRetries ?? 0, 0, RETRIES_MAX),
    timeoutMinutes: timeoutOf(input.Timeout) ?? TIMEOUT_MINUTES,
    maxConcurrentRuns: within('MaxConcurrentRuns', input.ExecutionProperty?.MaxConcurrentRuns || 1, 1, 1000),
    maxCapacity: capacityOf(input.MaxCapacity ?? input.AllocatedCapacity) ?? 0.0625,
    jobMode: input.JobMode ?? 'SCRIPT',
  }
}

/** 0 and undefined: what the job has. */
export function timeoutOf(minutes: number | undefined): number | undefined {
  return minutes ? within('Timeout', minutes, 1, TIMEOUT_MINUTES_MAX) : undefined
}

/** 0 and undefined: the default. */
export function capacityOf(capacity: number | undefined): number | undefined {
  if (!capacity) return undefined
  if (!CAPACITIES.includes(capacity)) throw invalidInput('MaxCapacity of a pythonshell job must be 0.0625 or 1.')
  return capacity
}

function commandOf(command: JobCommand | undefined): Pick<Job, 'scriptLocation' | 'pythonVersion'> {
  const { Name, ScriptLocation = '', PythonVersion = '3' } = command ?? {}
  if (Name !== undefined && KINDS.includes(Name)) {
    throw invalidInput(
      `Jobs of the kind ${Name} are not offered by lakelet: there is no Spark or Ray here. Command.Name pythonshell is.`,
    )
  }
  if (Name !== 'pythonshell') throw invalidInput(`Command.Name must be pythonshell, not ${Name ?? 'null'}.`)
  if (command?.Runtime) throw notOffered('Command.Runtime', 'leave it out')
  if (!/^s3:\/\/[^/]+\/.*[^/]$/.test(ScriptLocation))
    throw invalidInput(`Command.ScriptLocation '${ScriptLocation}' names no object: give s3://bucket/folder/script.py.`)
  if (!PYTHON_VERSIONS.includes(PythonVersion))
    throw invalidInput(`Command.PythonVersion must be one of ${PYTHON_VERSIONS.join(', ')}, not ${PythonVersion}.`)
  return { scriptLocation: ScriptLocation, pythonVersion: PythonVersion }
}

function within(member: string, value: number, min: number, max: number): number {
  if (value < min || value > max) throw invalidInput(`${member} must be between ${min} and ${max}.`)
  return value
}

function notOffered(what: string, instead: string) {
  return invalidInput(`${what} is not offered by lakelet: ${instead}.`)
}
