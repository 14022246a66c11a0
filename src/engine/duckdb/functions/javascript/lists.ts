/**
 * Lists of every type, seen through texts that tell their elements apart. Answers are positions from 1, which DuckDB
 * then picks out of the real list.
 */
import { invalidArgument, type JsFunction, js, jsWithNulls } from './define.ts'

type Texts = readonly (string | null)[]

const COMBINATION_SIZE_MAX = 5
const COMBINATIONS_MAX = 100_000

function firstPositions(texts: Texts): bigint[] {
  const seen = new Set<string | null>()
  const positions: bigint[] = []
  for (const [index, text] of texts.entries()) {
    if (seen.has(text)) continue
    seen.add(text)
    positions.push(BigInt(index + 1))
  }
  return positions
}

function groupPositions(texts: Texts): bigint[][] {
  const groups = new Map<string | null, bigint[]>()
  for (const [index, text] of texts.entries()) {
    const group = groups.get(text)
    if (group === undefined) groups.set(text, [BigInt(index + 1)])
    else group.push(BigInt(index + 1))
  }
  return [...groups.values()]
}

function chosen(left: Texts, right: Texts, isIn: boolean): bigint[] {
  const others = new Set(right)
  return firstPositions(left).filter((position) => others.has(left[Number(position) - 1] ?? null) === isIn)
}

function overlap(left: Texts, right: Texts): boolean | null {
  const others = new Set(right.filter((text) => text !== null))
  if (left.some((text) => text !== null && others.has(text))) return true
  const unknown = (left.includes(null) && right.length > 0) || (right.includes(null) && left.length > 0)
  return unknown ? null : false
}

function containsSequence(texts: Texts, part: Texts): boolean {
  for (let start = 0; start + part.length <= texts.length; start++) {
    if (part.every((text, index) => texts[start + index] === text)) return true
  }
  return false
}

function combinations(length: bigint, size: bigint): bigint[][] {
  if (size > COMBINATION_SIZE_MAX) {
    return invalidArgument(`combination size must not exceed ${COMBINATION_SIZE_MAX}: ${size}`)
  }
  if (size < 0n) return invalidArgument(`combination size must not be negative: ${size}`)
  const take = Number(size)
  const found: bigint[][] = []
  const walk = (from: number, picked: bigint[]) => {
    if (picked.length === take) {
      found.push(picked)
      if (found.length > COMBINATIONS_MAX) invalidArgument(`combinations exceed max size`)
      return
    }
    for (let index = from; index <= Number(length); index++) walk(index + 1, [...picked, BigInt(index)])
  }
  walk(1, [])
  // The language counts with the first position moving fastest.
  return found.sort((left, right) => {
    for (let index = take - 1; index >= 0; index--) {
      const difference = (left[index] ?? 0n) - (right[index] ?? 0n)
      if (difference !== 0n) return difference < 0n ? -1 : 1
    }
    return 0
  })
}

function nthTrue(hits: readonly (boolean | null)[], instance: bigint): bigint {
  if (instance === 0n) return invalidArgument('array_position cannot take a 0-valued instance argument.')
  const positions = hits.flatMap((hit, index) => (hit === true ? [BigInt(index + 1)] : []))
  const at = instance > 0n ? Number(instance) - 1 : positions.length + Number(instance)
  return positions[at] ?? 0n
}

export const listFunctions: readonly JsFunction[] = [
  js('js_first_positions', ['VARCHAR[]'], 'BIGINT[]', firstPositions),
  js('js_distinct_positions', ['VARCHAR[]'], 'BIGINT[]', firstPositions),
  js('js_group_positions', ['VARCHAR[]'], 'BIGINT[][]', groupPositions),
  js('js_intersect_positions', ['VARCHAR[]', 'VARCHAR[]'], 'BIGINT[]', (left, right) => chosen(left, right, true)),
  js('js_except_positions', ['VARCHAR[]', 'VARCHAR[]'], 'BIGINT[]', (left, right) => chosen(left, right, false)),
  js('js_overlap', ['VARCHAR[]', 'VARCHAR[]'], 'BOOLEAN', overlap),
  js('js_contains_sequence', ['VARCHAR[]', 'VARCHAR[]'], 'BOOLEAN', containsSequence),
  js('js_first_repeated', ['VARCHAR[]'], 'VARCHAR', (texts) => {
    const seen = new Set<string | null>()
    for (const text of texts) {
      if (seen.has(text)) return text
      seen.add(text)
    }
    return null
  }),
  js('js_combinations', ['BIGINT', 'BIGINT'], 'BIGINT[][]', combinations),
  js('js_nth_true', ['BOOLEAN[]', 'BIGINT'], 'BIGINT', nthTrue),
  jsWithNulls(
    'js_array_join',
    ['VARCHAR[]', 'VARCHAR', 'VARCHAR', 'BOOLEAN'],
    'VARCHAR',
    (texts, delimiter, replacement, skipsNull) => {
      if (texts === null || delimiter === null || (!skipsNull && replacement === null)) return null
      return texts.flatMap((text) => (text !== null ? [text] : skipsNull ? [] : [replacement])).join(delimiter)
    },
  ),
  js('js_months_between', ['BIGINT', 'BIGINT'], 'BIGINT', (from, to) => {
    const [start, end] = [from, to].map((micros) => new Date(Number(micros / 1000n)))
    if (start === undefined || end === undefined) return null
    const months = (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth()
    const within = (date: Date) => date.getTime() - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
    const lastDay = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
    const startWithin =
      Math.min(start.getUTCDate(), lastDay) === lastDay && start.getUTCDate() > lastDay
        ? within(start) - (start.getUTCDate() - lastDay) * 86_400_000
        : within(start)
    if (months > 0 && within(end) < startWithin) return BigInt(months - 1)
    if (months < 0 && within(end) > startWithin) return BigInt(months + 1)
    return BigInt(months)
  }),
]
