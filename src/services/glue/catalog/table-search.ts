/**
 * What SearchTables asks of a table, and in which order it answers: pure.
 *
 * AWS says of it (API reference of SearchTables, 2026-11): all filters must hold; the text of a property is split at
 * punctuation, and one of its pieces must be the value (`link` finds `customer-link`, not `customerlink`); comparators are
 * for times only. SearchText looks in names, descriptions, parameters and columns; in quotes it must be there as it is.
 */
import type { PropertyPredicate, SearchTablesRequest, SortCriterion, Table } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'

export interface TableSearch {
  matches(table: Table): boolean
  /** What is sorted by, before the names of database and table. */
  sortKey(table: Table): string
  compare(a: readonly string[], b: readonly string[]): number
}

export function searched(input: Pick<SearchTablesRequest, 'Filters' | 'SearchText' | 'SortCriteria'>): TableSearch {
  const tests = (input.Filters ?? []).map(filterTest)
  if (input.SearchText !== undefined) tests.push(textTest(input.SearchText))
  const criterion = input.SortCriteria?.[0]
  return {
    matches: (table) => tests.every((test) => test(table)),
    sortKey: sortKeyOf(criterion),
    compare: (a, b) => compareLists(a, b) * (criterion?.Sort === 'DESC' ? -1 : 1),
  }
}

type Test = (table: Table) => boolean

/** Texts of a property, by its name without case. What is none of these is a parameter of the table. */
const TEXTS: Readonly<Record<string, (table: Table) => readonly (string | undefined)[]>> = {
  name: (table) => [table.Name],
  tablename: (table) => [table.Name],
  databasename: (table) => [table.DatabaseName],
  description: (table) => [table.Description],
  owner: (table) => [table.Owner],
  tabletype: (table) => [table.TableType],
  createdby: (table) => [table.CreatedBy],
  catalogid: (table) => [table.CatalogId],
  location: (table) => [table.StorageDescriptor?.Location],
  column: (table) => columnsOf(table).map(({ Name }) => Name),
  columnname: (table) => columnsOf(table).map(({ Name }) => Name),
}

const TIMES: Readonly<Record<string, (table: Table) => Date | undefined>> = {
  createtime: (table) => table.CreateTime,
  updatetime: (table) => table.UpdateTime,
  lastaccesstime: (table) => table.LastAccessTime,
  lastanalyzedtime: (table) => table.LastAnalyzedTime,
}

const COMPARISONS = {
  EQUALS: (a: number, b: number) => a === b,
  GREATER_THAN: (a: number, b: number) => a > b,
  LESS_THAN: (a: number, b: number) => a < b,
  GREATER_THAN_EQUALS: (a: number, b: number) => a >= b,
  LESS_THAN_EQUALS: (a: number, b: number) => a <= b,
} satisfies Record<NonNullable<PropertyPredicate['Comparator']>, unknown>

function filterTest({ Key, Value, Comparator }: PropertyPredicate): Test {
  if (Key === undefined || Value === undefined) throw invalidInput('A filter needs Key and Value.')
  const time = own(TIMES, Key.toLowerCase())
  if (time !== undefined) {
    const ms = timeOf(Key, Value)
    const holds = COMPARISONS[Comparator ?? 'EQUALS']
    return (table) => {
      const at = time(table)?.getTime()
      return at !== undefined && holds(at, ms)
    }
  }
  if (Comparator !== undefined && Comparator !== 'EQUALS')
    throw invalidInput(`Comparator ${Comparator} is for times only: ${Key} is none.`)
  const wanted = Value.toLowerCase()
  const texts = own(TEXTS, Key.toLowerCase()) ?? ((table: Table) => [own(table.Parameters ?? {}, Key)])
  return (table) => texts(table).some((text) => text !== undefined && hasPiece(text.toLowerCase(), wanted))
}

/** Epoch seconds, or a date as ISO 8601 has it. */
function timeOf(key: string, value: string): number {
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value)
  if (Number.isNaN(ms)) throw invalidInput(`${value} is not a time to compare ${key} with.`)
  return ms
}

function hasPiece(text: string, wanted: string): boolean {
  return text === wanted || text.split(/[^\p{L}\p{N}_]+/u).includes(wanted)
}

function textTest(search: string): Test {
  const [, exact] = /^"(.*)"$/s.exec(search) ?? []
  if (exact !== undefined) return (table) => allTexts(table).some((text) => text === exact)
  const wanted = search.toLowerCase()
  return (table) => allTexts(table).some((text) => text.toLowerCase().includes(wanted))
}

function allTexts(table: Table): readonly string[] {
  const columns = columnsOf(table).flatMap(({ Name, Comment }) => [Name, Comment])
  const parameters = Object.entries(table.Parameters ?? {}).flat()
  const texts = [table.Name, table.DatabaseName, table.Description, table.Owner, ...columns, ...parameters]
  return texts.filter((text) => text !== undefined)
}

function columnsOf(table: Table) {
  return [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])]
}

function sortKeyOf(criterion: SortCriterion | undefined): (table: Table) => string {
  const field = criterion?.FieldName
  if (field === undefined) return () => ''
  const time = own(TIMES, field.toLowerCase())
  if (time !== undefined) return (table) => String(time(table)?.getTime() ?? '').padStart(16, '0')
  const texts = own(TEXTS, field.toLowerCase())
  if (texts === undefined) throw invalidInput(`Tables cannot be sorted by ${field}.`)
  return (table) => texts(table)[0] ?? ''
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
