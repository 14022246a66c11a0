/** Logs: the formats that are built in, and custom classifiers by their pattern. Certainty is the share of lines matched. */
import type { GrokClassifier } from '../classifier.ts'
import { type InferredField, scalar } from '../inferred-type.ts'
import { firstLines, no, type Text, type TextClassifier, type TextLines, type Verdict } from '../text.ts'
import { compileGrok, type Grok } from './compile.ts'
import { LOG_FORMATS } from './log-formats.ts'
import { LINE_LENGTH_MAX, MATCH_MS_MAX, matchLines } from './match.ts'
import { GrokProblem } from './problem.ts'

/** As many as of CSV. */
const LINES_MAX = 1000
/** AWS's built-in classifiers know a format or do not: some lines may be garbled, no more. */
const BUILT_IN_MISS_SHARE_MAX = 0.2

export const LOG_CLASSIFIERS: readonly TextClassifier[] = LOG_FORMATS.map(({ classification, pattern }) => {
  const grok = compileGrok(pattern, '', { isWhole: true })
  return {
    name: classification,
    classify: (text) => {
      // A file in the W3C format begins with lines that say what its fields are.
      const found = firstLines(text, LINES_MAX)
      const lines =
        classification === 'microsoft_log' ? found.lines.filter((line) => !line.startsWith('#')) : found.lines
      return verdictOf(
        grok,
        { ...found, lines },
        { classification, pattern, mark: text.mark, missShareMax: BUILT_IN_MISS_SHARE_MAX },
      )
    },
  }
})

export function classifyGrok(classifier: GrokClassifier, text: Text): Verdict {
  const { classification, grokPattern, customPatterns } = classifier
  try {
    const grok = compileGrok(grokPattern, customPatterns)
    if (grok.fields.length === 0) return no('its pattern has no field')
    const to = { classification, pattern: grokPattern, customPatterns, mark: text.mark, missShareMax: 1 }
    return verdictOf(grok, firstLines(text, LINES_MAX), to)
  } catch (error) {
    if (error instanceof GrokProblem) return no(`its pattern is wrong: ${error.message}`)
    throw error
  }
}

interface Target {
  readonly classification: string
  readonly pattern: string
  readonly customPatterns?: string | undefined
  readonly mark: number
  /** If more lines miss, nothing is known. */
  readonly missShareMax: number
}

function verdictOf(grok: Grok, { lines, consumed }: TextLines, to: Target): Verdict {
  if (lines.length === 0) return no('it has no complete line within the first MB')
  const { matched, tooLong, isStopped } = matchLines(grok, lines, Math.floor(lines.length * to.missShareMax))
  if (isStopped) return no(`its pattern took more than ${MATCH_MS_MAX} ms, or is too large, and was stopped`)
  if (matched === 0) return no(to.missShareMax === 1 ? 'no line matches' : 'its lines do not match')
  const { classification, pattern, customPatterns } = to
  const unmatched = lines.length - matched
  return {
    certainty: matched / lines.length,
    schema: {
      classification,
      layout: { kind: 'grok', pattern, ...(customPatterns ? { customPatterns } : {}) },
      columns: columnsOf(grok),
      records: lines.length,
      consumed: consumed + to.mark,
      notes: [
        ...(unmatched > 0 ? [`${unmatched} of ${lines.length} lines do not match the pattern`] : []),
        ...(tooLong > 0
          ? [`${tooLong} lines are longer than ${LINE_LENGTH_MAX} characters and count as not matched`]
          : []),
      ],
    },
  }
}

function columnsOf({ fields }: Grok): InferredField[] {
  return fields.map(({ name, type }) => ({ name, type: scalar(type) }))
}
