/**
 * Whether a bucket's policy is public as S3 means it for its public access block: an allow to everyone that no
 * condition ties to fixed values of who asks or where from. (S3 user guide, "The meaning of 'public'".)
 */
import { isIPv4 } from 'node:net'
import { parsePolicy } from './parse.ts'
import type { Condition, Statement } from './policy.ts'

/** Throws PolicyError when it is no policy of a resource. */
export function isPublic(policy: string): boolean {
  return parsePolicy(policy, 'resource').statements.some(
    (statement) => statement.effect === 'Allow' && isToEveryone(statement) && !statement.conditions.some(isFixing),
  )
}

function isToEveryone({ principals }: Statement): boolean {
  return principals !== undefined && (principals.isNegated || principals.hasEveryone)
}

const FIXING_KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
])

function isFixing({ key, operator, values, isRestricting }: Condition): boolean {
  if (!isRestricting) return false
  if (key === 'aws:sourceip') return operator === 'IpAddress' && values.every((range) => !isBroad(range))
  if (!FIXING_KEYS.has(key) || !/^(String|Arn)/.test(operator)) return false
  return values.every((value) => !/[*?]|\$\{/.test(key === 'aws:userid' ? withoutSession(value) : value))
}

/** `AROA…:*`: any session of one role. */
function withoutSession(userId: string): string {
  return userId.replace(/^(AROA[A-Z0-9]{16,}):\*$/, '$1')
}

/** Wider than /8, or /32 of version 6. Private ranges are none wider than /8. */
function isBroad(range: string): boolean {
  const [base = '', bits] = range.split('/')
  return bits !== undefined && Number(bits) < (isIPv4(base) ? 8 : 32)
}
