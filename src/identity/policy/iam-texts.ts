/** What IAM says of a policy that is none. Texts as AWS answers MalformedPolicyDocument (seen 2026-11). */
import type { PolicyKind, PolicyProblem } from './parse.ts'

export function iamText(problem: PolicyProblem, kind: PolicyKind): string {
  switch (problem.kind) {
    case 'notJson':
      return kind === 'trust' ? 'This policy contains invalid Json' : 'Syntax errors in policy.'
    case 'syntax':
    case 'badCondition':
      return 'Syntax errors in policy.'
    case 'oldVersion':
      return 'Policy document must be version 2012-10-17 or greater.'
    case 'missing':
      return MISSING[problem.field][kind === 'trust' ? 'trust' : 'identity']
    case 'prohibited':
      return problem.field === 'Principal'
        ? 'Policy document should not specify a principal.'
        : `Has prohibited field ${problem.field}`
    case 'badPrincipal':
      return `Invalid principal in policy: ${problem.value}`
    case 'badAction':
      return problem.value.includes(':')
        ? 'Actions/Condition can contain only one colon.'
        : 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
    case 'badResource':
      return `Resource ${problem.value} must be in ARN format or "*".`
    case 'badSid':
      return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*'
    case 'repeatedSid':
      return 'Statement IDs (SID) in a single policy must be unique.'
  }
}

const MISSING = {
  Action: { identity: 'Policy statement must contain actions.', trust: 'Missing required field Action' },
  Resource: { identity: 'Policy statement must contain resources.', trust: 'Missing required field Resource' },
  Principal: { identity: 'Missing required field Principal', trust: 'Missing required field Principal' },
} as const
