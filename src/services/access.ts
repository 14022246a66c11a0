/**
 * What a request needs to be allowed. Services say it, per operation; the pipeline asks `Access` before the operation
 * runs, so that no operation checks for itself. `main.ts` hands in the one evaluator of the lake, or `openAccess`.
 */
import type { AccessQuestion, Decision, RequestFacts } from '../identity/access.ts'
import type { Caller } from './operation.ts'

export interface Permission {
  /** `glue:GetTable` */
  readonly action: string
  /** An arn, or `*` where the action has no resource. */
  readonly resource: string
  /** Facts of this action beside those of the request (`aws:…`), which the evaluator adds itself. */
  readonly facts?: RequestFacts
  readonly ofResource?: AccessQuestion['ofResource']
}

export interface Access {
  judge(caller: Caller, permission: Permission): Decision
}

/** For `--auth open`: nothing is asked. */
export const openAccess: Access = { judge: () => ({ isAllowed: true }) }
