/** What the operations of triggers and workflows need: the trigger, the workflow (Service Authorization Reference, "AWS Glue"). */
import type { GlueOperations } from '../../../wire/model/glue.ts'
import { tagFacts } from '../../access.ts'
import { type Account, on } from '../../catalog-permissions.ts'
import type { Permissions, PermissionTable } from '../../operation.ts'
import type { GlueContext } from '../context.ts'
import type { flowOperations } from './flow-operations.ts'

export const flowPermissions: PermissionTable<GlueOperations, keyof typeof flowOperations, GlueContext> = {
  CreateTrigger: made('CreateTrigger', 'trigger'),
  GetTrigger: ofOne('GetTrigger', 'trigger'),
  GetTriggers: () => on(['glue:GetTriggers'], ['*']),
  BatchGetTriggers: ({ TriggerNames }, account) =>
    on(
      ['glue:BatchGetTriggers'],
      TriggerNames.map((name) => arnOf('trigger', name, account)),
    ),
  ListTriggers: () => on(['glue:ListTriggers'], ['*']),
  UpdateTrigger: ofOne('UpdateTrigger', 'trigger'),
  DeleteTrigger: ofOne('DeleteTrigger', 'trigger'),
  StartTrigger: ofOne('StartTrigger', 'trigger'),
  StopTrigger: ofOne('StopTrigger', 'trigger'),
  CreateWorkflow: made('CreateWorkflow', 'workflow'),
  GetWorkflow: ofOne('GetWorkflow', 'workflow'),
  BatchGetWorkflows: ({ Names }, account) =>
    on(
      ['glue:BatchGetWorkflows'],
      Names.map((name) => arnOf('workflow', name, account)),
    ),
  ListWorkflows: () => on(['glue:ListWorkflows'], ['*']),
  UpdateWorkflow: ofOne('UpdateWorkflow', 'workflow'),
  DeleteWorkflow: ofOne('DeleteWorkflow', 'workflow'),
  StartWorkflowRun: ofOne('StartWorkflowRun', 'workflow'),
  StopWorkflowRun: ofOne('StopWorkflowRun', 'workflow'),
  ResumeWorkflowRun: ofOne('ResumeWorkflowRun', 'workflow'),
  GetWorkflowRun: ofOne('GetWorkflowRun', 'workflow'),
  GetWorkflowRuns: ofOne('GetWorkflowRuns', 'workflow'),
  GetWorkflowRunProperties: ofOne('GetWorkflowRunProperties', 'workflow'),
  PutWorkflowRunProperties: ofOne('PutWorkflowRunProperties', 'workflow'),
}

type Kind = 'trigger' | 'workflow'

function ofOne(action: string, kind: Kind): Permissions<{ readonly Name: string }, GlueContext> {
  return ({ Name }, account) => on([`glue:${action}`], [arnOf(kind, Name, account)])
}

type Made = { readonly Name: string; readonly Tags?: Readonly<Record<string, string>> }

function made(action: string, kind: Kind): Permissions<Made, GlueContext> {
  return ({ Name, Tags = {} }, account) => {
    const tags = Object.entries(Tags)
    const actions = [`glue:${action}`, ...(tags.length > 0 ? ['glue:TagResource'] : [])]
    return on(actions, [arnOf(kind, Name, account)], tagFacts(tags))
  }
}

const arnOf = (kind: Kind, name: string, { region, accountId }: Account) =>
  `arn:aws:glue:${region}:${accountId}:${kind}/${name}`
