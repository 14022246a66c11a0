/** Short forms of policies, for tests that are about something else. */

export interface StatementGiven {
  readonly Effect?: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly [field: string]: unknown
}

/** A policy of an identity: allows what is given, of everything, unless it says otherwise. */
export function policyText(...statements: readonly StatementGiven[]): string {
  const full = statements.map((one) => ({
    Effect: 'Allow',
    ...(one['NotAction'] === undefined && { Action: '*' }),
    ...(one['NotResource'] === undefined && { Resource: '*' }),
    ...one,
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement: full })
}

export function trustText(principal: unknown, fields: Readonly<Record<string, unknown>> = {}): string {
  const Statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...fields }
  return JSON.stringify({ Version: '2012-10-17', Statement })
}
