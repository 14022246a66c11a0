import { expect, test } from 'vitest'
import type { CsvClassifier, CustomClassifier } from '../../src/formats/classifier.ts'
import { classifierProblem } from '../../src/formats/classifier-problem.ts'

const grok = (grokPattern: string, customPatterns = ''): CustomClassifier => ({
  kind: 'grok',
  name: 'x',
  classification: 'x',
  grokPattern,
  customPatterns,
})
const json = (jsonPath: string): CustomClassifier => ({ kind: 'json', name: 'x', jsonPath })
const xml = (rowTag: string): CustomClassifier => ({ kind: 'xml', name: 'x', classification: 'x', rowTag })
const csv = (options: Partial<CsvClassifier>): CustomClassifier => ({
  kind: 'csv',
  name: 'x',
  containsHeader: 'UNKNOWN',
  disableValueTrimming: false,
  allowSingleColumn: false,
  serde: 'None',
  ...options,
})

test.each<[string, CustomClassifier]>([
  ['a grok pattern', grok('%{WORD:a} %{MINE:b:int}', 'MINE [0-9]+')],
  ['a JSON path', json('$.records[*]')],
  ['a row tag', xml('ns:Order-line_1.x')],
  ['a CSV classifier without anything', csv({})],
  [
    'a CSV classifier with everything',
    csv({ delimiter: ';', quoteSymbol: "'", header: ['a', 'b'], customDatatypes: ['INT', 'string'] }),
  ],
  ['a single column that is allowed', csv({ header: ['a'], allowSingleColumn: true })],
])('%s is all right', (_name, classifier) => {
  expect(classifierProblem(classifier)).toBeUndefined()
})

test.each<[string, CustomClassifier, RegExp]>([
  ['a grok pattern without a field', grok('%{WORD}'), /has no field/],
  [
    'a grok pattern that is unknown',
    grok('%{NOSUCH:a}'),
    /^The grok pattern is wrong: the pattern NOSUCH is not defined\.$/,
  ],
  ['a custom pattern without a pattern', grok('%{WORD:a}', 'ALONE'), /not a name and a pattern/],
  ['a JSON path with a filter', json('$[?(@.a)]'), /^The JSON path has a filter/],
  ['a row tag in brackets', xml('<row>'), /not the name of an XML element/],
  ['an empty row tag', xml(''), /not the name of an XML element/],
  ['a delimiter of two characters', csv({ delimiter: '||' }), /one character/],
  ['a quote that is the delimiter', csv({ delimiter: "'", quoteSymbol: "'" }), /different from the delimiter/],
  ['a name that repeats', csv({ header: ['a', 'A'] }), /column a more than once/],
  ['an empty name', csv({ header: ['a', ' '] }), /no name/],
  ['a single column', csv({ header: ['a'] }), /single column/],
  ['an unknown type', csv({ customDatatypes: ['INT', 'UUID'] }), /UUID is none of/],
  [
    'more types than names',
    csv({ header: ['a', 'b'], customDatatypes: ['INT', 'INT', 'INT'] }),
    /2 columns and the custom datatypes are 3/,
  ],
])('%s is a problem in a sentence', (_name, classifier, problem) => {
  expect(classifierProblem(classifier)).toMatch(problem)
})
