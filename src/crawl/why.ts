/** Reasons in words: why data was taken together, or was not, with the figures that decided. Pure. */
import type { Layout } from '../formats/file-schema.ts'
import { CLUSTERS_MAX, type DataSchema, type Judgement, type Likeness, SIMILARITY_ABOVE } from './data-schema.ts'

export interface Place {
  readonly url: string
  readonly schema: DataSchema
}

export function whyTogether(
  { kinds, leastSimilarity }: Extract<Judgement, { isOne: true }>,
  { combineCompatible }: Likeness,
): string {
  if (combineCompatible) return 'all have one format, which is all that counts here'
  const agreement = leastSimilarity === 1 ? 'similarity 100 %' : `similarity ${percent(leastSimilarity)} or more`
  return kinds === 1
    ? `their columns are alike (${agreement})`
    : `their columns are of ${kinds} kinds that hang together (${agreement}; at most ${CLUSTERS_MAX} kinds)`
}

export function whyApart(judgement: Extract<Judgement, { isOne: false }>, places: readonly Place[]): string {
  const [a, b] = [places[judgement.first], places[judgement.other]]
  if (a === undefined || b === undefined) throw new Error('nothing was compared')
  if (judgement.because === 'layout') return whyOtherLayout(a, b)
  if (judgement.because === 'kinds')
    return `their columns are of more than ${CLUSTERS_MAX} kinds, ${b.url} being of another than all before it`
  return `${b.url} has ${percent(judgement.similarity)} of its columns in common with ${a.url}, not more than ${percent(SIMILARITY_ABOVE)}`
}

function whyOtherLayout(a: Place, b: Place): string {
  const [left, right] = [a.schema, b.schema]
  if (left.classification !== right.classification)
    return `${a.url} is ${left.classification} and ${b.url} is ${right.classification}`
  if (left.compression !== right.compression)
    return `the compression of ${a.url} is ${left.compression} and that of ${b.url} ${right.compression}`
  return `${a.url} is ${left.classification} ${layoutText(left.layout)} and ${b.url} ${layoutText(right.layout)}`
}

function layoutText(layout: Layout): string {
  if (layout.kind === 'csv')
    return `with the delimiter ${JSON.stringify(layout.delimiter)} and ${layout.hasHeader ? 'a' : 'no'} header`
  if (layout.kind === 'grok') return `of the pattern ${layout.pattern}`
  if (layout.kind === 'xml') return `with rows of ${layout.rowTag}`
  if (layout.kind === 'json' && layout.jsonPath !== undefined) return `read by ${layout.jsonPath}`
  return 'as it stands'
}

/** Never rounded up to what it is not: 70.6 % is more than 70 %, so one digit is kept where it counts. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`
}
