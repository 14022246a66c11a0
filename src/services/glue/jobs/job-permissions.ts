/** What the job operations need: the job; of whoever gives it a role, that they may pass the role on. */
import type { GlueOperations } from '../../../wire/model/glue.ts'
import { tagFacts } from '../../access.ts'
import { type Account, on } from '../../catalog-permissions.ts'
import type { Permissions, PermissionTable } from '../../operation.ts'
import type { GlueContext } from '../context.ts'
import { passedRole } from '../passed-role.ts'
import type { jobOperations } from './job-operations.ts'

export const jobPermissions: PermissionTable<GlueOperations, keyof typeof jobOperations, GlueContext> = {
  CreateJob: ({ Name, Role, Tags = {} }, account) => {
    const actions = ['glue:CreateJob', ...(Object.keys(Tags).length > 0 ? ['glue:TagResource'] : [])]
    return [...on(actions, [jobArn(Name, account)], tagFacts(Object.entries(Tags))), passedRole(Role, account)]
  },
  GetJob: ofJob('GetJob'),
  GetJobs: () => on(['glue:GetJobs'], ['*']),
  BatchGetJobs: ({ JobNames }, account) =>
    on(
      ['glue:BatchGetJobs'],
      JobNames.map((name) => jobArn(name, account)),
    ),
  ListJobs: () => on(['glue:ListJobs'], ['*']),
  UpdateJob: ({ JobName, JobUpdate: { Role } }, account) => [
    ...on(['glue:UpdateJob'], [jobArn(JobName, account)]),
    ...(Role === undefined ? [] : [passedRole(Role, account)]),
  ],
  DeleteJob: ofJob('DeleteJob'),
  StartJobRun: ofJob('StartJobRun'),
  GetJobRun: ofJob('GetJobRun'),
  GetJobRuns: ofJob('GetJobRuns'),
  BatchStopJobRun: ofJob('BatchStopJobRun'),
}

function ofJob(action: string): Permissions<{ readonly JobName: string }, GlueContext> {
  return ({ JobName }, account) => on([`glue:${action}`], [jobArn(JobName, account)])
}

const jobArn = (name: string, { region, accountId }: Account) => `arn:aws:glue:${region}:${accountId}:job/${name}`
