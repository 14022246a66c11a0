/** What a statement is called in GetQueryExecution, and the name of its result object (D3). */
import type { Statement } from '../sql/tree.ts'
import type { StatementType } from './execution.ts'

export interface StatementKind {
  readonly type: StatementType
  readonly subtype: string
  /** Behind the execution's id in the name of the result object. */
  readonly extension: '.csv' | '.txt' | ''
  /** Run by Hive in Athena: its failures read differently and leave a result object. */
  readonly isHive: boolean
}

const dml = (subtype: string, extension: StatementKind['extension'] = '.csv'): StatementKind => ({
  type: 'DML',
  subtype,
  extension,
  isHive: false,
})
const ddl = (subtype: string, isHive = true): StatementKind => ({ type: 'DDL', subtype, extension: '.txt', isHive })
const show = (subtype: string, isHive = true): StatementKind => ({
  type: 'UTILITY',
  subtype,
  extension: '.txt',
  isHive,
})

const KINDS: Readonly<Record<Statement['kind'], StatementKind>> = {
  QueryStatement: dml('SELECT'),
  Explain: dml('EXPLAIN', '.txt'),
  Insert: dml('INSERT', ''),
  CreateTableAs: { type: 'DDL', subtype: 'CREATE_TABLE_AS_SELECT', extension: '', isHive: false },
  Unload: dml('UNLOAD', ''),
  CreateView: ddl('CREATE_VIEW', false),
  DropView: ddl('DROP_VIEW', false),
  ShowCreateView: show('SHOW_CREATE_VIEW', false),
  ShowFunctions: { type: 'UTILITY', subtype: 'SHOW_FUNCTIONS', extension: '.csv', isHive: false },
  Prepare: { type: 'DDL', subtype: 'PREPARE', extension: '.txt', isHive: false },
  Execute: dml('EXECUTE'),
  Deallocate: { type: 'DDL', subtype: 'DEALLOCATE', extension: '.txt', isHive: false },
  Delete: dml('DELETE'),
  Update: dml('UPDATE'),
  Merge: dml('MERGE'),
  Optimize: ddl('OPTIMIZE', false),
  Vacuum: ddl('VACUUM', false),
  CreateDatabase: ddl('CREATE_DATABASE'),
  DropDatabase: ddl('DROP_DATABASE'),
  AlterDatabaseProperties: ddl('ALTER_DATABASE_SET_PROPERTIES'),
  CreateTable: ddl('CREATE_TABLE'),
  DropTable: ddl('DROP_TABLE'),
  AddPartitions: ddl('ALTER_TABLE_ADD_PARTITION'),
  DropPartitions: ddl('ALTER_TABLE_DROP_PARTITION'),
  RenamePartition: ddl('ALTER_TABLE_RENAME_PARTITION'),
  SetLocation: ddl('ALTER_TABLE_SET_LOCATION'),
  SetTableProperties: ddl('ALTER_TABLE_SET_PROPERTIES'),
  AddColumns: ddl('ALTER_TABLE_ADD_COLUMNS'),
  ReplaceColumns: ddl('ALTER_TABLE_REPLACE_COLUMNS'),
  ChangeColumn: ddl('ALTER_TABLE_CHANGE_COLUMN'),
  RepairTable: ddl('MSCK_REPAIR'),
  ShowDatabases: show('SHOW_DATABASES'),
  ShowTables: show('SHOW_TABLES'),
  ShowViews: show('SHOW_VIEWS'),
  ShowColumns: show('SHOW_COLUMNS'),
  ShowPartitions: show('SHOW_PARTITIONS'),
  ShowTableProperties: show('SHOW_TABLE_PROPERTIES'),
  ShowCreateTable: show('SHOW_CREATE_TABLE'),
  Describe: show('DESCRIBE_TABLE'),
}

export function statementKind(statement: Statement): StatementKind {
  return KINDS[statement.kind]
}

/** `<folder><id>.csv`; CREATE TABLE AS keeps its files under `tables/`. */
export function resultLocation(folder: string, id: string, kind: StatementKind): string {
  const base = folder.endsWith('/') ? folder : `${folder}/`
  const below = kind.subtype === 'CREATE_TABLE_AS_SELECT' ? 'tables/' : ''
  return `${base}${below}${id}${kind.extension}`
}
