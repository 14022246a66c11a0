/**
 * What GetQueryExecution calls a statement: StatementType and SubstatementType.
 *
 * Source: recorded on AWS, but for those marked with [U], whose names follow the pattern of the recorded ones.
 */
import type { Statement } from '../tree.ts'

export interface StatementType {
  readonly statementType: 'DML' | 'DDL' | 'UTILITY'
  readonly substatementType: string
}

export function statementType(statement: Statement): StatementType {
  return TYPES[statement.kind]
}

const dml = (substatementType: string): StatementType => ({ statementType: 'DML', substatementType })
const ddl = (substatementType: string): StatementType => ({ statementType: 'DDL', substatementType })
const utility = (substatementType: string): StatementType => ({ statementType: 'UTILITY', substatementType })

const TYPES: Readonly<Record<Statement['kind'], StatementType>> = {
  QueryStatement: dml('SELECT'),
  Explain: dml('EXPLAIN'),
  Insert: dml('INSERT'),
  Update: dml('UPDATE'),
  Delete: dml('DELETE'),
  Merge: dml('MERGE'),
  Unload: dml('UNLOAD'),
  CreateTableAs: ddl('CREATE_TABLE_AS_SELECT'),
  CreateTable: ddl('CREATE_TABLE'),
  DropTable: ddl('DROP_TABLE'),
  CreateDatabase: ddl('CREATE_DATABASE'),
  DropDatabase: ddl('DROP_DATABASE'),
  // [U]
  AlterDatabaseProperties: ddl('ALTER_DATABASE_SET_PROPERTIES'),
  CreateView: ddl('CREATE_VIEW'),
  DropView: ddl('DROP_VIEW'),
  AddPartitions: ddl('ALTER_TABLE_ADD_PARTITION'),
  DropPartitions: ddl('ALTER_TABLE_DROP_PARTITION'),
  RenamePartition: ddl('ALTER_TABLE_RENAME_PARTITION'),
  // [U]
  SetLocation: ddl('ALTER_TABLE_SET_LOCATION'),
  SetTableProperties: ddl('ALTER_TABLE_SET_PROPERTIES'),
  AddColumns: ddl('ALTER_TABLE_ADD_COLUMNS'),
  ReplaceColumns: ddl('ALTER_TABLE_REPLACE_COLUMNS'),
  // [U]
  ChangeColumn: ddl('ALTER_TABLE_CHANGE_COLUMN'),
  RepairTable: ddl('MSCK_REPAIR'),
  // [U] whether DDL or DML
  Optimize: dml('OPTIMIZE'),
  Vacuum: dml('VACUUM'),
  // [U]; EXECUTE of a prepared statement is reported as that statement, which the caller knows.
  Prepare: ddl('PREPARE'),
  Execute: dml('EXECUTE'),
  Deallocate: ddl('DEALLOCATE'),
  ShowDatabases: utility('SHOW_DATABASES'),
  ShowTables: utility('SHOW_TABLES'),
  ShowViews: utility('SHOW_VIEWS'),
  ShowColumns: utility('SHOW_COLUMNS'),
  ShowPartitions: utility('SHOW_PARTITIONS'),
  ShowTableProperties: utility('SHOW_TABLE_PROPERTIES'),
  ShowCreateTable: utility('SHOW_CREATE_TABLE'),
  ShowCreateView: utility('SHOW_CREATE_VIEW'),
  ShowFunctions: utility('SHOW_FUNCTIONS'),
  // Of a view it is DESC_VIEW; only the catalog knows.
  Describe: utility('DESCRIBE_TABLE'),
}
