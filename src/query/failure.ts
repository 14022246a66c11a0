/**
 * Failures of executions as StateChangeReason and AthenaError (D6). The Trino side says `CODE: line L:C: text`, the
 * Hive side `FAILED: …`.
 */
import { EngineFailure } from '../engine/engine.ts'
import { isRefusal } from '../platform/refusal.ts'
import { failureText, SqlFailure } from '../sql/failure.ts'
import { HiveParseException } from '../sql/parser/index.ts'
import type { AthenaFailure } from './execution.ts'

export interface FailureReport {
  /** StateChangeReason. */
  readonly reason: string
  readonly failure: AthenaFailure
}

/** A statement of the Hive side failed: `reason` and `message` already read as Hive's. */
export class HiveFailure extends Error {
  readonly report: FailureReport

  constructor(reason: string, options: { type?: number; category?: 1 | 2; message?: string } = {}) {
    super(reason)
    this.name = 'HiveFailure'
    this.report = {
      reason,
      failure: {
        category: options.category ?? 2,
        type: options.type ?? 1006,
        retryable: false,
        message: options.message ?? reason,
      },
    }
  }
}

/** A failure with a sentence and a number of its own, like a result bucket that is not there. */
export class ReportedFailure extends Error {
  readonly report: FailureReport

  constructor(reason: string, failure: { category: 1 | 2 | 3; type: number; retryable?: boolean }) {
    super(reason)
    this.name = 'ReportedFailure'
    this.report = { reason, failure: { retryable: false, ...failure, message: reason } }
  }
}

const USER_TYPES: Readonly<Record<string, number>> = {
  TABLE_NOT_FOUND: 1301,
  SCHEMA_NOT_FOUND: 1301,
  FUNCTION_NOT_FOUND: 1303,
  CATALOG_NOT_FOUND: 1006,
  COLUMN_NOT_FOUND: 1006,
  SYNTAX_ERROR: 1006,
  TYPE_MISMATCH: 1002,
  DIVISION_BY_ZERO: 1001,
  HIVE_BAD_DATA: 1001,
  HIVE_CURSOR_ERROR: 1001,
  HIVE_INVALID_PARTITION_VALUE: 1001,
  HIVE_INVALID_BUCKET_FILES: 1001,
  NUMERIC_VALUE_OUT_OF_RANGE: 1001,
  HIVE_PARTITION_SCHEMA_MISMATCH: 1004,
  INVALID_CAST_ARGUMENT: 1100,
  INVALID_FUNCTION_ARGUMENT: 1106,
  INVALID_VIEW: 1107,
  VIEW_IS_STALE: 1107,
  TABLE_ALREADY_EXISTS: 1110,
  INVALID_TABLE_PROPERTY: 1103,
  HIVE_PATH_ALREADY_EXISTS: 1109,
  NOT_SUPPORTED: 1200,
  HIVE_UNSUPPORTED_FORMAT: 1200,
  HIVE_METASTORE_ERROR: 1300,
  CONSTRAINT_VIOLATION: 1000,
  EXCEEDED_FUNCTION_MEMORY_LIMIT: 2,
  EXCEEDED_LOCAL_MEMORY_LIMIT: 2,
  PERMISSION_DENIED: 1500,
}

/** The result could not be written. */
export const WRITE_RESULTS_TYPE = 401

/** Anything else the language refuses is the user's. */
const USER_TYPE = 1000
const INTERNAL_TYPE = 100
const SYSTEM_CODES = new Set(['GENERIC_INTERNAL_ERROR', 'GENERIC_INSUFFICIENT_RESOURCES'])

export function reportFailure(error: unknown): FailureReport {
  if (error instanceof HiveFailure || error instanceof ReportedFailure) return error.report
  if (error instanceof HiveParseException) return new HiveFailure(error.message, { category: 1, type: 1003 }).report
  if (error instanceof SqlFailure) return languageFailure(error.code, failureText(error))
  if (error instanceof EngineFailure) return languageFailure(error.code, `${error.code}: ${error.message}`)
  const text = error instanceof Error ? error.message : String(error)
  if (isRefusal(error) && error.code !== 'diskFull')
    return languageFailure('GENERIC_USER_ERROR', `GENERIC_USER_ERROR: ${text}`)
  return languageFailure('GENERIC_INTERNAL_ERROR', `GENERIC_INTERNAL_ERROR: ${text}`)
}

function languageFailure(code: string, text: string): FailureReport {
  const isSystem = SYSTEM_CODES.has(code)
  const reason =
    code === 'COLUMN_NOT_FOUND' && text.endsWith('cannot be resolved')
      ? `${text} or requester is not authorized to access requested resources`
      : text
  return {
    reason,
    failure: {
      category: isSystem ? 1 : 2,
      type: isSystem ? INTERNAL_TYPE : (USER_TYPES[code] ?? USER_TYPE),
      retryable: isSystem,
      message: reason,
    },
  }
}
