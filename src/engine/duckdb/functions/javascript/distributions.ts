/** Probability distributions, to the last digits of a double. */
import { invalidArgument, type JsFunction, js } from './define.ts'

const EPSILON = 1e-17
const STEPS_MAX = 10_000
const TINY = 1e-300

/** Lanczos, g = 607/128. */
const LANCZOS: readonly number[] = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488,
  0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
]
const LANCZOS_G = 607 / 128

function logGamma(x: number): number {
  const sum = LANCZOS.reduce(
    (total, coefficient, index) => total + (index === 0 ? coefficient : coefficient / (x + index)),
    0,
  )
  const shifted = x + LANCZOS_G + 0.5
  return (x + 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + Math.log(sum / x)
}

/** erf by its series, for small arguments. */
function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < STEPS_MAX; n++) {
    term *= (-x * x) / n
    const next = term / (2 * n + 1)
    sum += next
    if (Math.abs(next) < Math.abs(sum) * EPSILON) break
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** erfc by its continued fraction, for arguments above 2. */
function erfcFraction(x: number): number {
  let fraction = x
  for (let n = 200; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI))
}

function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x)
}

function normalCdf(mean: number, deviation: number, value: number): number {
  if (!(deviation > 0)) invalidArgument('standardDeviation must be > 0')
  return standardCdf((value - mean) / deviation)
}

function standardCdf(z: number): number {
  if (Number.isNaN(z)) return z
  return 0.5 * erfc(-z / Math.SQRT2)
}

function inverseNormalCdf(mean: number, deviation: number, p: number): number {
  if (!(p > 0 && p < 1)) invalidArgument('p must be 0 > p > 1')
  if (!(deviation > 0)) invalidArgument('standardDeviation must be > 0')
  return mean + deviation * rootOf((z) => standardCdf(z) - p, -40, 40)
}

/** Bisection until neighbours: slow and exact, and these functions are rare. */
function rootOf(rising: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high]
  for (let step = 0; step < 200; step++) {
    const middle = (from + to) / 2
    if (middle === from || middle === to) break
    if (rising(middle) < 0) from = middle
    else to = middle
  }
  return (from + to) / 2
}

/** The regularised incomplete beta function, by its continued fraction (Lentz). */
function betaRatio(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - betaRatio(b, a, 1 - x)
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) - Math.log(a) - (logGamma(a) + logGamma(b) - logGamma(a + b)),
  )
  let c = 1
  let d = bounded(1 - ((a + b) * x) / (a + 1))
  d = 1 / d
  let fraction = d
  for (let m = 1; m < STEPS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / bounded(1 + even * d)
    c = bounded(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / bounded(1 + odd * d)
    c = bounded(1 + odd / c)
    const change = d * c
    fraction *= change
    if (Math.abs(change - 1) < EPSILON) break
  }
  return front * fraction
}

function bounded(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

function betaCdf(a: number, b: number, value: number): number {
  if (!(value >= 0 && value <= 1)) invalidArgument('value must be 0 <= v <= 1')
  if (!(a > 0 && b > 0)) invalidArgument('a, b must be > 0')
  return betaRatio(a, b, value)
}

function inverseBetaCdf(a: number, b: number, p: number): number {
  if (!(p >= 0 && p <= 1)) invalidArgument('p must be 0 >= p >= 1')
  if (!(a > 0 && b > 0)) invalidArgument('a, b must be > 0')
  return rootOf((x) => betaRatio(a, b, x) - p, 0, 1)
}

/** Student's distribution with `freedom` degrees: its share below x. */
function studentCdf(x: number, freedom: number): number {
  if (!(freedom >= 1)) invalidArgument('degrees of freedom must be greater than or equal to 1')
  const tail = betaRatio(freedom / 2, 0.5, freedom / (freedom + x * x)) / 2
  return x > 0 ? 1 - tail : tail
}

function studentDensity(x: number, freedom: number): number {
  if (!(freedom >= 1)) invalidArgument('degrees of freedom must be greater than or equal to 1')
  const scale = logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - Math.log(Math.PI * freedom) / 2
  return Math.exp(scale - ((freedom + 1) / 2) * Math.log1p((x * x) / freedom))
}

function wilson(successes: bigint, trials: bigint, z: number, sign: 1 | -1): number {
  if (successes < 0n) invalidArgument('number of successes must not be negative')
  if (trials <= 0n) invalidArgument('number of trials must be positive')
  if (successes > trials) invalidArgument('number of successes must not be larger than number of trials')
  if (z < 0) invalidArgument('z-score must not be negative')
  const n = Number(trials)
  const p = Number(successes) / n
  return (p + (z * z) / (2 * n) + sign * z * Math.sqrt((p * (1 - p) + (z * z) / (4 * n)) / n)) / (1 + (z * z) / n)
}

export const distributionFunctions: readonly JsFunction[] = [
  js('js_normal_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', normalCdf),
  js('js_inverse_normal_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', inverseNormalCdf),
  js('js_beta_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', betaCdf),
  js('js_inverse_beta_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', inverseBetaCdf),
  js('js_t_cdf', ['DOUBLE', 'DOUBLE'], 'DOUBLE', studentCdf),
  js('js_t_pdf', ['DOUBLE', 'DOUBLE'], 'DOUBLE', studentDensity),
  js('js_wilson_lower', ['BIGINT', 'BIGINT', 'DOUBLE'], 'DOUBLE', (successes, trials, z) =>
    wilson(successes, trials, z, -1),
  ),
  js('js_wilson_upper', ['BIGINT', 'BIGINT', 'DOUBLE'], 'DOUBLE', (successes, trials, z) =>
    wilson(successes, trials, z, 1),
  ),
]
