/**
 * Which classifier knows a text, in AWS's order (Glue developer guide, "Defining and managing classifiers"): the custom
 * ones as the crawler lists them, then the built-in ones. The first that is certain is taken, and if none is the one that
 * is most certain, the earlier of two. If none is at all, the reason says what each of them missed.
 */
import type { CustomClassifier } from './classifier.ts'
import { classifyCsv, classifyCustomCsv } from './csv/classify.ts'
import { classifyGrok, LOG_CLASSIFIERS } from './grok/classify.ts'
import { classifyJson, classifyJsonPath } from './json/classify.ts'
import type { Prefix } from './prefix.ts'
import { readText, type Text, type TextClassifier, type TextSchema, type Verdict } from './text.ts'
import { classifyRowTag, classifyXml } from './xml/classify.ts'

/** Those that have a signature (avro, parquet, orc, bson, ion) come before any text is read. */
const BUILT_IN: readonly TextClassifier[] = [
  { name: 'json', classify: classifyJson },
  { name: 'xml', classify: classifyXml },
  ...LOG_CLASSIFIERS,
  { name: 'csv', classify: classifyCsv },
]

export interface ClassifiedText extends TextSchema {
  readonly classifier: { readonly name: string; readonly certainty: number }
}

interface TextOptions {
  /** Where the stream ends, the file ends. */
  readonly isAllThere: boolean
  readonly classifiers: readonly CustomClassifier[]
}

/** Answers with the reason when no classifier knows the text. */
export async function textSchema(
  bytes: Prefix,
  { isAllThere, classifiers }: TextOptions,
): Promise<ClassifiedText | { readonly reason: string }> {
  const text = await readText(bytes, isAllThere)
  if ('reason' in text) return text
  const missed: { name: string; reason: string }[] = []
  let best: ClassifiedText | undefined
  for (const { name, classify } of [...classifiers.map(asTextClassifier), ...BUILT_IN]) {
    const verdict = await classify(text)
    if ('reason' in verdict) missed.push({ name, reason: verdict.reason })
    else if (verdict.certainty > (best?.classifier.certainty ?? 0))
      best = { ...verdict.schema, classifier: { name, certainty: verdict.certainty } }
    if (best?.classifier.certainty === 1) return best
  }
  return best ?? { reason: reasonOf(missed) }
}

function asTextClassifier(classifier: CustomClassifier): TextClassifier {
  return { name: classifier.name, classify: (text) => classifyCustom(classifier, text) }
}

function classifyCustom(classifier: CustomClassifier, text: Text): Promise<Verdict> | Verdict {
  switch (classifier.kind) {
    case 'grok':
      return classifyGrok(classifier, text)
    case 'json':
      return classifyJsonPath(classifier, text)
    case 'csv':
      return classifyCustomCsv(classifier, text)
    case 'xml':
      return classifyRowTag(classifier, text)
  }
}

/** Classifiers that missed for the same reason are named together. */
function reasonOf(missed: readonly { name: string; reason: string }[]): string {
  const names = new Map<string, string[]>()
  for (const { name, reason } of missed) names.set(reason, [...(names.get(reason) ?? []), name])
  const sentences = [...names].map(([reason, by]) => `${by.join(', ')}: ${reason}`)
  return `no classifier knows it (${sentences.join('; ')})`
}
