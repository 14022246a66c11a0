/**
 * One line of a lake file made so: look at what is there, make or change only what differs, say what happened.
 * Steps use nothing but AWS's public APIs, so the same file works against AWS.
 */
import type { Clients } from '../clients.ts'

export type Outcome = 'created' | 'updated' | 'unchanged'

export interface Step {
  /** `bucket how.raw`. */
  readonly what: string
  /** What is special about it: `versioning, SSE-S3`. */
  readonly details: string
  run(clients: Clients): Promise<Outcome>
}

/** The error's name is one of `names`: SDK errors are told apart by name. */
export function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name)
}

/** Resolves to undefined when `ask` fails with one of `missing`. */
export async function unlessMissing<Answer>(ask: Promise<Answer>, ...missing: string[]): Promise<Answer | undefined> {
  try {
    return await ask
  } catch (error) {
    if (isNamed(error, ...missing)) return undefined
    throw error
  }
}

/** `created` outranks `updated`, which outranks `unchanged`. */
export function strongest(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('created')) return 'created'
  return outcomes.includes('updated') ? 'updated' : 'unchanged'
}
