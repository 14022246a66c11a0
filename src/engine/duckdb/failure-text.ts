/**
 * What DuckDB says when an expression fails, in the language's words: `⟦CODE⟧message` that printed SQL raised, and
 * DuckDB's own complaints about numbers.
 */
import { EngineFailure } from '../engine.ts'
import { FAILURE_END, FAILURE_START, MESSAGE_END } from './print/text.ts'

const TYPE_NAMES: Readonly<Record<string, string>> = {
  INT8: 'tinyint',
  INT16: 'smallint',
  INT32: 'integer',
  INT64: 'bigint',
  INT128: 'decimal',
}

interface Rule {
  readonly pattern: RegExp
  readonly failure: (found: RegExpExecArray) => EngineFailure
}

const outOfRange = (message: string) => new EngineFailure('NUMERIC_VALUE_OUT_OF_RANGE', message)

const RULES: readonly Rule[] = [
  {
    pattern: /Overflow in (addition|subtraction|multiplication) of (INT8|INT16|INT32|INT64) \((-?\d+ [-+*] -?\d+)\)/,
    failure: ([, operation, type = '', operands]) =>
      outOfRange(`${TYPE_NAMES[type]} ${operation} overflow: ${operands}`),
  },
  {
    pattern: /Overflow in (?:addition|add|subtraction|subtract|multiplication|multiply) of (?:DECIMAL|INT128)/,
    failure: () => outOfRange('Decimal overflow'),
  },
  {
    pattern: /Overflow in division of ([^!]*)/,
    failure: ([, operands]) => outOfRange(`division overflow: ${operands}`),
  },
  {
    pattern: /Overflow in negation of (\w+) \((-?\d+)/,
    failure: ([, type = '', value]) => outOfRange(`${TYPE_NAMES[type] ?? type} negation overflow: ${value}`),
  },
  { pattern: /Overflow in negation/, failure: () => outOfRange('negation overflow') },
  {
    pattern: /Overflow on abs\((-?\d+)\)/,
    failure: ([, value]) => outOfRange(`Value ${value} is out of range for abs`),
  },
  {
    pattern: /value (-?\d+) can't be cast because the value is out of range for the destination type (\w+)/,
    failure: ([, value, type = '']) => outOfRange(`Value ${value} exceeds range of ${TYPE_NAMES[type] ?? type}`),
  },
  {
    pattern: /Could not cast value (\S+) to DECIMAL\((\d+),(\d+)\)|to DECIMAL\((\d+),(\d+)\)|DECIMAL[^\n]*out of range/,
    failure: () => outOfRange('Decimal overflow'),
  },
  {
    pattern: /Invalid (?:RANGE|GROUPS|ROWS) (?:PRECEDING|FOLLOWING) value/,
    failure: () => new EngineFailure('INVALID_WINDOW_FRAME', 'Window frame offset value must not be negative or null'),
  },
  {
    pattern: /More than one row returned by a subquery/,
    failure: () => new EngineFailure('SUBQUERY_MULTIPLE_ROWS', 'Scalar sub-query has returned multiple rows'),
  },
  {
    pattern: /Binder Error:[^\n]*correlated|Not implemented Error:[^\n]*subquery/i,
    failure: () => new EngineFailure('NOT_SUPPORTED', 'Given correlated subquery is not supported'),
  },
  // What RE2 says of patterns that are none.
  {
    pattern:
      /((?:missing \)|missing ]|unexpected \)|no argument for repetition operator|bad repetition operator|invalid repetition size|invalid escape sequence|invalid character class range|invalid character class|invalid perl operator|invalid named capture group|trailing \\): [^\n]*)/,
    failure: ([, problem = '']) =>
      new EngineFailure('INVALID_FUNCTION_ARGUMENT', `Invalid regular expression: ${problem}`),
  },
  {
    pattern: /Map keys can not be NULL/,
    failure: () => new EngineFailure('INVALID_CAST_ARGUMENT', 'map key is null'),
  },
  {
    pattern: /Map keys must be unique/,
    failure: () => new EngineFailure('INVALID_CAST_ARGUMENT', 'duplicate keys'),
  },
  {
    pattern: /(?:SUM|sum)[^\n]*out of range|Overflow in HUGEINT|INT128[^\n]*out of range/,
    failure: () => outOfRange('bigint addition overflow'),
  },
  {
    pattern: /(?:timestamp|date|interval)[^\n]*(?:out of range|overflow)|Overflow exception in date/i,
    failure: () => outOfRange('Value is out of range for a date or timestamp'),
  },
]

/** undefined: not a failure of an expression. */
export function languageFailure(message: string): EngineFailure | undefined {
  const start = message.indexOf(FAILURE_START)
  if (start >= 0) {
    const middle = message.indexOf(FAILURE_END, start)
    const end = message.indexOf(MESSAGE_END, middle)
    if (middle > start && end > middle) {
      return new EngineFailure(
        message.slice(start + FAILURE_START.length, middle),
        message.slice(middle + FAILURE_END.length, end),
      )
    }
  }
  for (const { pattern, failure } of RULES) {
    const found = pattern.exec(message)
    if (found !== null) return failure(found)
  }
  return undefined
}
