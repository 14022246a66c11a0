/** The eight tables of TPC-H: names, and types as Athena's DDL spells them (TPC-H specification 3.0.1, 1.4.1). */

export type Columns = Readonly<Record<string, string>>

const MONEY = 'decimal(15,2)'

export const TABLES = {
  region: { r_regionkey: 'int', r_name: 'string', r_comment: 'string' },
  nation: { n_nationkey: 'int', n_name: 'string', n_regionkey: 'int', n_comment: 'string' },
  supplier: {
    s_suppkey: 'int',
    s_name: 'string',
    s_address: 'string',
    s_nationkey: 'int',
    s_phone: 'string',
    s_acctbal: MONEY,
    s_comment: 'string',
  },
  part: {
    p_partkey: 'int',
    p_name: 'string',
    p_mfgr: 'string',
    p_brand: 'string',
    p_type: 'string',
    p_size: 'int',
    p_container: 'string',
    p_retailprice: MONEY,
    p_comment: 'string',
  },
  partsupp: {
    ps_partkey: 'int',
    ps_suppkey: 'int',
    ps_availqty: 'int',
    ps_supplycost: MONEY,
    ps_comment: 'string',
  },
  customer: {
    c_custkey: 'int',
    c_name: 'string',
    c_address: 'string',
    c_nationkey: 'int',
    c_phone: 'string',
    c_acctbal: MONEY,
    c_mktsegment: 'string',
    c_comment: 'string',
  },
  lineitem: {
    l_orderkey: 'bigint',
    l_partkey: 'int',
    l_suppkey: 'int',
    l_linenumber: 'int',
    l_quantity: MONEY,
    l_extendedprice: MONEY,
    l_discount: MONEY,
    l_tax: MONEY,
    l_returnflag: 'string',
    l_linestatus: 'string',
    l_shipdate: 'date',
    l_commitdate: 'date',
    l_receiptdate: 'date',
    l_shipinstruct: 'string',
    l_shipmode: 'string',
    l_comment: 'string',
  },
  orders: {
    o_orderkey: 'bigint',
    o_custkey: 'int',
    o_orderstatus: 'string',
    o_totalprice: MONEY,
    o_orderdate: 'date',
    o_orderpriority: 'string',
    o_clerk: 'string',
    o_shippriority: 'int',
    o_comment: 'string',
  },
} as const satisfies Readonly<Record<string, Columns>>

export type TableName = keyof typeof TABLES

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[]

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  int: 'INTEGER',
  string: 'VARCHAR',
  bigint: 'BIGINT',
  date: 'DATE',
}

export function duckDbType(type: string): string {
  return DUCKDB_TYPES[type] ?? type.toUpperCase()
}
