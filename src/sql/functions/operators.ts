/**
 * The operators that have overloads, declared like functions under `operator …`. Comparisons, logic, LIKE, BETWEEN and
 * subscripts are nodes of their own in the typed tree.
 */
import { type FunctionDeclaration, type SignatureDeclaration, scalar } from './declare.ts'

const PRECISION_MAX = 38
/** Intervals count milliseconds, so what they are added to shows at least three digits. */
const INTERVAL_DIGITS = 3

const NUMBERS = ['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double'] as const
const DAY_TO_SECOND = 'interval day to second'
const YEAR_TO_MONTH = 'interval year to month'
const POINTS = ['time(p)', 'time(p) with time zone', 'timestamp(p)', 'timestamp(p) with time zone'] as const

interface DecimalNumbers {
  readonly p: number
  readonly s: number
}
type DecimalRule = (left: DecimalNumbers, right: DecimalNumbers) => DecimalNumbers

function decimals(rule: DecimalRule): SignatureDeclaration {
  return {
    text: '(decimal(p1, s1), decimal(p2, s2)) -> decimal(p, s)',
    bind: ({ p1 = 0, s1 = 0, p2 = 0, s2 = 0 }) => {
      const { p, s } = rule({ p: p1, s: s1 }, { p: p2, s: s2 })
      return { p: Math.min(PRECISION_MAX, p), s }
    },
  }
}

const summed: DecimalRule = (left, right) => ({
  p: Math.max(left.p - left.s, right.p - right.s) + Math.max(left.s, right.s) + 1,
  s: Math.max(left.s, right.s),
})
const multiplied: DecimalRule = (left, right) => ({ p: left.p + right.p, s: left.s + right.s })
const divided: DecimalRule = (left, right) => ({
  p: left.p + right.s + Math.max(right.s - left.s, 0),
  s: Math.max(left.s, right.s),
})
const remainder: DecimalRule = (left, right) => ({
  p: Math.min(right.p - right.s, left.p - left.s) + Math.max(left.s, right.s),
  s: Math.max(left.s, right.s),
})

const sameNumbers = NUMBERS.map((type) => `(${type}, ${type}) -> ${type}`)

function shiftedByDays(point: string, intervalFirst: boolean): SignatureDeclaration {
  const result = point.replace('(p)', '(u)')
  const parameters = intervalFirst ? `${DAY_TO_SECOND}, ${point}` : `${point}, ${DAY_TO_SECOND}`
  return { text: `(${parameters}) -> ${result}`, bind: ({ p = 0 }) => ({ u: Math.max(p, INTERVAL_DIGITS) }) }
}

const DATED = POINTS.filter((point) => point.startsWith('timestamp'))

const plus: readonly (string | SignatureDeclaration)[] = [
  `(date, ${DAY_TO_SECOND}) -> date`,
  `(${DAY_TO_SECOND}, date) -> date`,
  `(date, ${YEAR_TO_MONTH}) -> date`,
  `(${YEAR_TO_MONTH}, date) -> date`,
  ...POINTS.flatMap((point) => [shiftedByDays(point, false), shiftedByDays(point, true)]),
  ...DATED.flatMap((point) => [`(${point}, ${YEAR_TO_MONTH}) -> ${point}`, `(${YEAR_TO_MONTH}, ${point}) -> ${point}`]),
  `(${DAY_TO_SECOND}, ${DAY_TO_SECOND}) -> ${DAY_TO_SECOND}`,
  `(${YEAR_TO_MONTH}, ${YEAR_TO_MONTH}) -> ${YEAR_TO_MONTH}`,
]

const minus: readonly (string | SignatureDeclaration)[] = [
  `(date, ${DAY_TO_SECOND}) -> date`,
  `(date, ${YEAR_TO_MONTH}) -> date`,
  ...POINTS.map((point) => shiftedByDays(point, false)),
  ...DATED.map((point) => `(${point}, ${YEAR_TO_MONTH}) -> ${point}`),
  ...['date', ...POINTS].map((point) => `(${point}, ${point}) -> ${DAY_TO_SECOND}`),
  `(${DAY_TO_SECOND}, ${DAY_TO_SECOND}) -> ${DAY_TO_SECOND}`,
  `(${YEAR_TO_MONTH}, ${YEAR_TO_MONTH}) -> ${YEAR_TO_MONTH}`,
]

const scaledIntervals = [DAY_TO_SECOND, YEAR_TO_MONTH].flatMap((interval) =>
  ['bigint', 'double'].flatMap((factor) => [
    `(${interval}, ${factor}) -> ${interval}`,
    `(${factor}, ${interval}) -> ${interval}`,
  ]),
)

export const operators: readonly FunctionDeclaration[] = [
  scalar('operator +', [...sameNumbers, decimals(summed), ...plus]),
  scalar('operator -', [...sameNumbers, decimals(summed), ...minus]),
  scalar('operator *', [...sameNumbers, decimals(multiplied), ...scaledIntervals]),
  scalar('operator /', [
    ...sameNumbers,
    decimals(divided),
    `(${DAY_TO_SECOND}, double) -> ${DAY_TO_SECOND}`,
    `(${YEAR_TO_MONTH}, double) -> ${YEAR_TO_MONTH}`,
  ]),
  scalar('operator %', [...sameNumbers, decimals(remainder)]),
  /** Unary minus. */
  scalar('operator negate', [
    ...NUMBERS.map((type) => `(${type}) -> ${type}`),
    '(decimal(p, s)) -> decimal(p, s)',
    `(${DAY_TO_SECOND}) -> ${DAY_TO_SECOND}`,
    `(${YEAR_TO_MONTH}) -> ${YEAR_TO_MONTH}`,
  ]),
  scalar('operator ||', [
    '(varchar, varchar) -> varchar',
    { text: '(char(x), char(y)) -> char(z)', bind: ({ x = 0, y = 0 }) => ({ z: x + y }) },
    '(varbinary, varbinary) -> varbinary',
    '(array(E), array(E)) -> array(E)',
    '(array(E), E) -> array(E)',
    '(E, array(E)) -> array(E)',
  ]),
]
