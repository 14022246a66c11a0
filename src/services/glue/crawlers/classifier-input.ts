/**
 * What CreateClassifier and UpdateClassifier take: exactly one kind a request. In an update what is absent stays, and
 * the kind cannot change.
 */
import type { CsvClassifier, CustomClassifier } from '../../../formats/classifier.ts'
import { classifierProblem } from '../../../formats/classifier-problem.ts'
import type {
  CreateClassifierRequest,
  CreateCsvClassifierRequest,
  UpdateClassifierRequest,
} from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'

const KINDS = ['GrokClassifier', 'XMLClassifier', 'JsonClassifier', 'CsvClassifier'] as const

/** Which of the kinds a request names, and the classifier's name. */
export function classifierNameOf(input: CreateClassifierRequest | UpdateClassifierRequest): string {
  const given = KINDS.flatMap((kind) => input[kind] ?? [])
  const [only] = given
  if (only === undefined || given.length > 1)
    throw invalidInput(`Exactly one of ${KINDS.join(', ')} must be given, not ${given.length}.`)
  return only.Name
}

export function toClassifier(input: CreateClassifierRequest): CustomClassifier {
  const name = classifierNameOf(input)
  return checked(made(input, name))
}

/** `current` with what `input` names. */
export function updatedClassifier(current: CustomClassifier, input: UpdateClassifierRequest): CustomClassifier {
  return checked(changed(current, input))
}

function made(input: CreateClassifierRequest, name: string): CustomClassifier {
  const { GrokClassifier: grok, XMLClassifier: xml, JsonClassifier: json, CsvClassifier: csv } = input
  if (grok !== undefined)
    return {
      kind: 'grok',
      name,
      classification: grok.Classification,
      grokPattern: grok.GrokPattern,
      ...(grok.CustomPatterns && { customPatterns: grok.CustomPatterns }),
    }
  if (xml !== undefined) return { kind: 'xml', name, classification: xml.Classification, rowTag: xml.RowTag ?? '' }
  if (json !== undefined) return { kind: 'json', name, jsonPath: json.JsonPath }
  return csvOf({ kind: 'csv', name, ...CSV_DEFAULTS }, csv ?? { Name: name })
}

function changed(current: CustomClassifier, input: UpdateClassifierRequest): CustomClassifier {
  const { GrokClassifier: grok, XMLClassifier: xml, JsonClassifier: json, CsvClassifier: csv } = input
  switch (current.kind) {
    case 'grok': {
      if (grok === undefined) break
      const { customPatterns: before, ...rest } = current
      const customPatterns = grok.CustomPatterns ?? before
      return {
        ...rest,
        classification: grok.Classification ?? current.classification,
        grokPattern: grok.GrokPattern ?? current.grokPattern,
        ...(customPatterns && { customPatterns }),
      }
    }
    case 'xml':
      if (xml === undefined) break
      return {
        ...current,
        classification: xml.Classification ?? current.classification,
        rowTag: xml.RowTag ?? current.rowTag,
      }
    case 'json':
      if (json === undefined) break
      return { ...current, jsonPath: json.JsonPath ?? current.jsonPath }
    case 'csv':
      if (csv === undefined) break
      return csvOf(current, csv)
  }
  throw invalidInput(`Classifier ${current.name} is of another kind.`)
}

const CSV_DEFAULTS = {
  containsHeader: 'UNKNOWN',
  disableValueTrimming: false,
  allowSingleColumn: false,
  serde: 'OpenCSVSerDe',
} as const

function csvOf(current: CsvClassifier, given: CreateCsvClassifierRequest): CsvClassifier {
  const { delimiter, quoteSymbol, header, customDatatypes, ...rest } = current
  const types = datatypesOf(given, customDatatypes)
  return {
    ...rest,
    containsHeader: given.ContainsHeader ?? current.containsHeader,
    disableValueTrimming: given.DisableValueTrimming ?? current.disableValueTrimming,
    allowSingleColumn: given.AllowSingleColumn ?? current.allowSingleColumn,
    serde: given.Serde ?? current.serde,
    ...optional('delimiter', given.Delimiter ?? delimiter),
    ...optional('quoteSymbol', given.QuoteSymbol ?? quoteSymbol),
    ...optional('header', given.Header ?? header),
    ...optional('customDatatypes', types),
  }
}

/** CustomDatatypeConfigured says whether the types count; the two contradicting each other is refused, not guessed about. */
function datatypesOf(
  { Name, CustomDatatypeConfigured, CustomDatatypes = [] }: CreateCsvClassifierRequest,
  before: readonly string[] | undefined,
): readonly string[] | undefined {
  if (CustomDatatypeConfigured === false) {
    if (CustomDatatypes.length > 0)
      throw invalidInput(
        `Classifier ${Name} has CustomDatatypes: CustomDatatypeConfigured must be true for them to count.`,
      )
    return undefined
  }
  if (CustomDatatypes.length > 0) return CustomDatatypes
  if (CustomDatatypeConfigured === true && before === undefined)
    throw invalidInput(`Classifier ${Name} has CustomDatatypeConfigured: CustomDatatypes must be given too.`)
  return before
}

function checked(classifier: CustomClassifier): CustomClassifier {
  const problem = classifierProblem(classifier)
  if (problem !== undefined) throw invalidInput(problem)
  return classifier
}

/** An empty text or list is none. */
function optional<Name extends string, Value extends { readonly length: number }>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined || value.length === 0 ? {} : ({ [name]: value } as { readonly [Key in Name]: Value })
}
