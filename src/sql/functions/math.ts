/** Numbers: rounding, roots, logarithms, trigonometry, bases, bits and distributions. */
import { type FunctionDeclaration, type SignatureDeclaration, scalar } from './declare.ts'

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint'] as const
const NUMBERS = [...INTEGERS, 'double', 'real'] as const
const DECIMAL_DIGITS_MAX = 38

const sameAsArgument = (types: readonly string[]) => types.map((type) => `(${type}) -> ${type}`)
const bothSame = (types: readonly string[]) => types.map((type) => `(${type}, ${type}) -> ${type}`)
const doubles = (name: string, count = 1, aliases: readonly string[] = []) =>
  scalar(name, [`(${Array(count).fill('double').join(', ')}) -> double`], { aliases })

/** decimal(p, s) to a whole decimal with room for the carry of rounding up. */
const wholeWithCarry: SignatureDeclaration = {
  text: '(decimal(p, s)) -> decimal(rp, 0)',
  bind: ({ p = 0, s = 0 }) => ({ rp: Math.min(DECIMAL_DIGITS_MAX, p - s + Math.min(s, 1)) }),
}

export const mathDeclarations: readonly FunctionDeclaration[] = [
  scalar('abs', [...sameAsArgument(NUMBERS), '(decimal(p, s)) -> decimal(p, s)']),
  scalar('ceiling', [...sameAsArgument(NUMBERS), wholeWithCarry], { aliases: ['ceil'] }),
  scalar('floor', [...sameAsArgument(NUMBERS), wholeWithCarry]),
  scalar('round', [
    ...sameAsArgument(NUMBERS),
    wholeWithCarry,
    ...NUMBERS.map((type) => `(${type}, bigint) -> ${type}`),
    {
      text: '(decimal(p, s), bigint) -> decimal(rp, s)',
      bind: ({ p = 0 }) => ({ rp: Math.min(DECIMAL_DIGITS_MAX, p + 1) }),
    },
  ]),
  scalar('truncate', [
    '(double) -> double',
    '(real) -> real',
    {
      text: '(decimal(p, s)) -> decimal(rp, 0)',
      bind: ({ p = 0, s = 0 }) => ({ rp: Math.max(p - s, 1) }),
    },
    '(decimal(p, s), bigint) -> decimal(p, s)',
    '(double, bigint) -> double',
    '(real, bigint) -> real',
  ]),
  scalar('sign', [...sameAsArgument(NUMBERS), '(decimal(p, s)) -> decimal(1, 0)']),
  scalar('mod', [
    ...bothSame(NUMBERS),
    {
      text: '(decimal(p, s), decimal(q, t)) -> decimal(rp, rs)',
      bind: ({ p = 0, s = 0, q = 0, t = 0 }) => ({
        rp: Math.min(q - t, p - s) + Math.max(s, t),
        rs: Math.max(s, t),
      }),
    },
  ]),
  doubles('sqrt'),
  doubles('cbrt'),
  doubles('exp'),
  doubles('ln'),
  doubles('log2'),
  doubles('log10'),
  doubles('log', 2),
  doubles('power', 2, ['pow']),
  doubles('degrees'),
  doubles('radians'),
  doubles('sin'),
  doubles('cos'),
  doubles('tan'),
  doubles('asin'),
  doubles('acos'),
  doubles('atan'),
  doubles('atan2', 2),
  doubles('sinh'),
  doubles('cosh'),
  doubles('tanh'),
  scalar('pi', ['() -> double']),
  scalar('e', ['() -> double']),
  scalar('nan', ['() -> double']),
  scalar('infinity', ['() -> double']),
  scalar('is_nan', ['(double) -> boolean', '(real) -> boolean']),
  scalar('is_finite', ['(double) -> boolean']),
  scalar('is_infinite', ['(double) -> boolean']),
  scalar(
    'random',
    [
      '() -> double',
      ...INTEGERS.map((type) => `(${type}) -> ${type}`),
      ...INTEGERS.map((type) => `(${type}, ${type}) -> ${type}`),
    ],
    { aliases: ['rand'], volatile: true },
  ),
  scalar('width_bucket', ['(double, double, double, bigint) -> bigint', '(double, array(double)) -> bigint']),
  scalar('to_base', ['(bigint, bigint) -> varchar(64)']),
  scalar('from_base', ['(varchar(x), bigint) -> bigint']),
  scalar('cosine_similarity', [
    '(map(varchar, double), map(varchar, double)) -> double',
    '(array(double), array(double)) -> double',
  ]),
  ...['cosine_distance', 'dot_product', 'euclidean_distance'].map((name) =>
    scalar(name, ['(array(double), array(double)) -> double']),
  ),
  doubles('t_cdf', 2),
  doubles('t_pdf', 2),
  doubles('normal_cdf', 3),
  doubles('inverse_normal_cdf', 3),
  doubles('beta_cdf', 3),
  doubles('inverse_beta_cdf', 3),
  scalar('wilson_interval_lower', ['(bigint, bigint, double) -> double']),
  scalar('wilson_interval_upper', ['(bigint, bigint, double) -> double']),
  scalar('greatest', ['(T:orderable, T...) -> T']),
  scalar('least', ['(T:orderable, T...) -> T']),
]

const bitwiseBinary = (name: string) => scalar(name, ['(bigint, bigint) -> bigint'])

export const bitwiseDeclarations: readonly FunctionDeclaration[] = [
  scalar('bit_count', ['(bigint, bigint) -> bigint']),
  bitwiseBinary('bitwise_and'),
  bitwiseBinary('bitwise_or'),
  bitwiseBinary('bitwise_xor'),
  scalar('bitwise_not', ['(bigint) -> bigint']),
  scalar(
    'bitwise_left_shift',
    INTEGERS.map((type) => `(${type}, bigint) -> ${type}`),
  ),
  scalar(
    'bitwise_right_shift',
    INTEGERS.map((type) => `(${type}, bigint) -> ${type}`),
  ),
  scalar(
    'bitwise_right_shift_arithmetic',
    INTEGERS.map((type) => `(${type}, bigint) -> ${type}`),
  ),
]
