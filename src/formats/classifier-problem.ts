/** What is wrong with a custom classifier, so that it is refused when it is made and not when a crawl runs. */
import type { CsvClassifier, CustomClassifier, GrokClassifier } from './classifier.ts'
import { CUSTOM_DATATYPES } from './csv/classify.ts'
import { COLUMN_NAME_LENGTH_MAX } from './file-schema.ts'
import { compileGrok } from './grok/compile.ts'
import { GrokProblem } from './grok/problem.ts'
import { parseJsonPath } from './json/path.ts'

/** A sentence; undefined when nothing is wrong. */
export function classifierProblem(classifier: CustomClassifier): string | undefined {
  switch (classifier.kind) {
    case 'grok':
      return grokProblem(classifier)
    case 'json':
      return jsonProblem(classifier.jsonPath)
    case 'csv':
      return csvProblem(classifier)
    case 'xml':
      return xmlProblem(classifier.rowTag)
  }
}

function grokProblem({ grokPattern, customPatterns }: GrokClassifier): string | undefined {
  try {
    const { fields } = compileGrok(grokPattern, customPatterns)
    if (fields.length === 0)
      return 'The grok pattern has no field, as %{PATTERN:field} has, so its table would have no column.'
    const long = fields.find(({ name }) => name.length > COLUMN_NAME_LENGTH_MAX)
    return (
      long &&
      `The field ${long.name.slice(0, 40)}… has a longer name than the ${COLUMN_NAME_LENGTH_MAX} characters of a column.`
    )
  } catch (error) {
    if (error instanceof GrokProblem) return `The grok pattern is wrong: ${error.message}.`
    throw error
  }
}

function jsonProblem(jsonPath: string): string | undefined {
  const path = parseJsonPath(jsonPath)
  return 'problem' in path ? `${path.problem[0]?.toUpperCase()}${path.problem.slice(1)}.` : undefined
}

function csvProblem(classifier: CsvClassifier): string | undefined {
  const { delimiter, quoteSymbol, header = [], customDatatypes = [], allowSingleColumn } = classifier
  if (delimiter !== undefined && !isSymbol(delimiter)) return 'The delimiter must be one character and no line break.'
  if (quoteSymbol !== undefined && !isSymbol(quoteSymbol))
    return 'The quote symbol must be one character and no line break.'
  if (quoteSymbol !== undefined && quoteSymbol === delimiter)
    return 'The quote symbol must be different from the delimiter.'
  const names = header.map((name) => name.trim().toLowerCase())
  if (names.includes('')) return 'A column of the header has no name.'
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) return `The header has the column ${repeated} more than once.`
  if (names.length === 1 && !allowSingleColumn)
    return 'The header has a single column, and single columns are not allowed.'
  const unknown = customDatatypes.find((name) => CUSTOM_DATATYPES[name.toUpperCase()] === undefined)
  if (unknown !== undefined)
    return `The custom datatype ${unknown} is none of ${Object.keys(CUSTOM_DATATYPES).join(', ')}.`
  if (names.length > 0 && customDatatypes.length > 0 && names.length !== customDatatypes.length)
    return `The header has ${names.length} columns and the custom datatypes are ${customDatatypes.length}.`
  return undefined
}

/** Compared to a length in characters, of which the model knows nothing but code units. */
function isSymbol(text: string): boolean {
  return text.length === 1 && !/[\r\n]/.test(text)
}

/** The name of an element, as XML defines it; the colon separates a namespace's prefix. */
function xmlProblem(rowTag: string): string | undefined {
  const isName = /^[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?$/u.test(rowTag)
  return isName
    ? undefined
    : `The row tag ${JSON.stringify(rowTag)} is not the name of an XML element, without angle brackets.`
}
