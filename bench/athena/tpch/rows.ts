/**
 * The rows of TPC-H as DuckDB's SQL: every value is a hash of its row's key and of what it is for, so a row is the same
 * whatever is made before it, and files can be made apart. Counts, keys, ranges and dependencies are those of the
 * specification (4.2.3), so that each of the 22 queries selects about as much as it should; words of comments are ours.
 */
import type { TableName } from './tables.ts'

const COLOURS =
  'almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished chartreuse chiffon ' +
  'chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted gainsboro ghost ' +
  'goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta maroon medium ' +
  'metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder puff purple ' +
  'red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise ' +
  'violet wheat white yellow'

/** A comment of nine of these 64 words has `special` before `requests` about once in a hundred, as query 13 wants it. */
const WORDS =
  'accounts across again ahead almost along always among another around asked before behind below beside between bold ' +
  'brought called careful carried certain common counted daily depend deposits early even express final finished first ' +
  'found furious given heavy ideas instead later ledger letters little lively lately never often orders packages pending ' +
  'platforms quick quiet regular requests silent slow some special steady still theories though under unusual'

const NATIONS: readonly (readonly [name: string, region: number])[] = [
  ['ALGERIA', 0],
  ['ARGENTINA', 1],
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['EGYPT', 4],
  ['ETHIOPIA', 0],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['INDIA', 2],
  ['INDONESIA', 2],
  ['IRAN', 4],
  ['IRAQ', 4],
  ['JAPAN', 2],
  ['JORDAN', 4],
  ['KENYA', 0],
  ['MOROCCO', 0],
  ['MOZAMBIQUE', 0],
  ['PERU', 1],
  ['CHINA', 2],
  ['ROMANIA', 3],
  ['SAUDI ARABIA', 4],
  ['VIETNAM', 2],
  ['RUSSIA', 3],
  ['UNITED KINGDOM', 3],
  ['UNITED STATES', 1],
]
const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']

const PHRASES = 4096
/** Purposes are numbers below this. One number is hashed: DuckDB puts the hashes of several together so that they depend on each other. */
const PURPOSES_MAX = 1024
const SEED = 7n << 50n

/** Of scale factor 1; suppliers, parts and customers are fewer at a smaller one, orders too. */
const ROWS = { supplier: 10_000, part: 200_000, customer: 150_000, orders: 1_500_000 }

export function rowCount(table: keyof typeof ROWS, scaleFactor: number): number {
  return Math.max(1, Math.round(ROWS[table] * scaleFactor))
}

/** What a connection must run before `rowsOf` means anything to it. */
export function preparation(scaleFactor: number): readonly string[] {
  const list = (words: readonly string[]) => `[${words.map((word) => `'${word}'`).join(', ')}]`
  const of = (words: string) => list(words.split(' '))
  const suppliers = rowCount('supplier', scaleFactor)
  return [
    // A whole number from low to high, for a key and a purpose.
    `CREATE OR REPLACE MACRO pick(key, purpose, low, high) AS CAST(low + CAST(hash(CAST(key AS BIGINT) * ${PURPOSES_MAX} + purpose + ${SEED}) % (high - low + 1) AS BIGINT) AS INTEGER)`,
    'CREATE OR REPLACE MACRO one_of(list, key, purpose) AS list[pick(key, purpose, 1, len(list))]',
    'CREATE OR REPLACE MACRO money(cents) AS CAST((cents) / 100 AS DECIMAL(15, 2))',
    `SET VARIABLE colours = ${of(COLOURS)}`,
    `SET VARIABLE phrases = (SELECT list(concat_ws(' ', one_of(${of(WORDS)}, i, 1), one_of(${of(WORDS)}, i, 2), one_of(${of(WORDS)}, i, 3)) ORDER BY i) FROM range(${PHRASES}) AS t(i))`,
    `CREATE OR REPLACE MACRO phrase(key, purpose) AS getvariable('phrases')[pick(key, purpose, 1, ${PHRASES})]`,
    "CREATE OR REPLACE MACRO remark(key, purpose) AS phrase(key, purpose) || ' ' || phrase(key, purpose + 1) || ' ' || phrase(key, purpose + 2)",
    "CREATE OR REPLACE MACRO phone(key, nation) AS (nation + 10) || '-' || pick(key, 31, 100, 999) || '-' || pick(key, 32, 100, 999) || '-' || pick(key, 33, 1000, 9999)",
    'CREATE OR REPLACE MACRO retail_cents(part) AS 90000 + (part // 10) % 20001 + 100 * (part % 1000)',
    // The four suppliers of a part.
    `CREATE OR REPLACE MACRO supplier_of(part, which) AS CAST((part + which * (${suppliers} // 4 + (part - 1) // ${suppliers})) % ${suppliers} + 1 AS INTEGER)`,
    // Eight of every 32 order keys are used.
    'CREATE OR REPLACE MACRO order_key(i) AS i // 8 * 32 + i % 8 + 1',
    // From 1992-01-01 to 151 days before the end of 1998.
    "CREATE OR REPLACE MACRO order_date(i) AS DATE '1992-01-01' + pick(i, 41, 0, 2405)",
  ]
}

/** The date of the specification that says what is delivered and what is open. */
const TODAY = "DATE '1995-06-17'"

/**
 * A SELECT of some rows of a table, from the one numbered `from` up to before `to`, both counted from 0. Orders and
 * lineitem are counted in orders. Rows of `orders` are summed up from lineitem's, so `lineitem` must name a relation that
 * has those of the same numbers.
 */
export function rowsOf(
  table: TableName,
  { scaleFactor, from, to, lineitem }: { scaleFactor: number; from: number; to: number; lineitem: string },
): string {
  const numbers = `range(${from}, ${to}) AS t(i)`
  const customers = rowCount('customer', scaleFactor)
  const parts = rowCount('part', scaleFactor)
  switch (table) {
    case 'region':
      return `SELECT CAST(i AS INTEGER) AS r_regionkey, [${REGIONS.map((name) => `'${name}'`).join(', ')}][i + 1] AS r_name, remark(i, 901) AS r_comment FROM ${numbers}`
    case 'nation':
      return `SELECT CAST(i AS INTEGER) AS n_nationkey, [${NATIONS.map(([name]) => `'${name}'`).join(', ')}][i + 1] AS n_name, [${NATIONS.map(([, region]) => region).join(', ')}][i + 1] AS n_regionkey, remark(i, 911) AS n_comment FROM ${numbers}`
    case 'supplier':
      // Five of 10,000 have complaints, five recommendations.
      return `SELECT CAST(i + 1 AS INTEGER) AS s_suppkey, format('Supplier#{:09d}', i + 1) AS s_name, phrase(i, 101) AS s_address,
        pick(i, 102, 0, 24) AS s_nationkey, phone(i, pick(i, 102, 0, 24)) AS s_phone, money(pick(i, 103, -99999, 999999)) AS s_acctbal,
        CASE i % 2000 WHEN 7 THEN phrase(i, 104) || ' Customer ' || phrase(i, 105) || ' Complaints'
          WHEN 11 THEN phrase(i, 104) || ' Customer ' || phrase(i, 105) || ' Recommends' ELSE remark(i, 106) END AS s_comment
        FROM ${numbers}`
    case 'part':
      return `SELECT CAST(i + 1 AS INTEGER) AS p_partkey,
        concat_ws(' ', one_of(getvariable('colours'), i, 201), one_of(getvariable('colours'), i, 202), one_of(getvariable('colours'), i, 203), one_of(getvariable('colours'), i, 204), one_of(getvariable('colours'), i, 205)) AS p_name,
        'Manufacturer#' || pick(i, 206, 1, 5) AS p_mfgr, 'Brand#' || pick(i, 206, 1, 5) || pick(i, 207, 1, 5) AS p_brand,
        one_of(['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'], i, 208) || ' ' || one_of(['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'], i, 209) || ' ' || one_of(['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'], i, 210) AS p_type,
        pick(i, 211, 1, 50) AS p_size,
        one_of(['SM', 'LG', 'MED', 'JUMBO', 'WRAP'], i, 212) || ' ' || one_of(['CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM'], i, 213) AS p_container,
        money(retail_cents(i + 1)) AS p_retailprice, phrase(i, 214) AS p_comment
        FROM ${numbers}`
    case 'partsupp':
      return `SELECT CAST(i + 1 AS INTEGER) AS ps_partkey, supplier_of(i + 1, s) AS ps_suppkey, pick(i * 4 + s, 301, 1, 9999) AS ps_availqty,
        money(pick(i * 4 + s, 302, 100, 100000)) AS ps_supplycost, remark(i * 4 + s, 303) || ' ' || remark(i * 4 + s, 306) AS ps_comment
        FROM ${numbers}, range(4) AS u(s)`
    case 'customer':
      return `SELECT CAST(i + 1 AS INTEGER) AS c_custkey, format('Customer#{:09d}', i + 1) AS c_name, phrase(i, 401) AS c_address,
        pick(i, 402, 0, 24) AS c_nationkey, phone(i, pick(i, 402, 0, 24)) AS c_phone, money(pick(i, 403, -99999, 999999)) AS c_acctbal,
        one_of(['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'], i, 404) AS c_mktsegment, remark(i, 405) || ' ' || phrase(i, 408) AS c_comment
        FROM ${numbers}`
    case 'lineitem':
      return `SELECT l_orderkey, l_partkey, supplier_of(l_partkey, pick(k, 502, 0, 3)) AS l_suppkey, l_linenumber,
        CAST(quantity AS DECIMAL(15, 2)) AS l_quantity, money(quantity * retail_cents(l_partkey)) AS l_extendedprice,
        money(pick(k, 504, 0, 10)) AS l_discount, money(pick(k, 505, 0, 8)) AS l_tax,
        CASE WHEN received <= ${TODAY} THEN one_of(['R', 'A'], k, 506) ELSE 'N' END AS l_returnflag,
        CASE WHEN shipped > ${TODAY} THEN 'O' ELSE 'F' END AS l_linestatus,
        shipped AS l_shipdate, ordered + pick(k, 507, 30, 90) AS l_commitdate, received AS l_receiptdate,
        one_of(['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'], k, 508) AS l_shipinstruct,
        one_of(['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'], k, 509) AS l_shipmode, phrase(k, 510) AS l_comment
        FROM (SELECT *, ordered + pick(k, 511, 1, 121) AS shipped, ordered + pick(k, 511, 1, 121) + pick(k, 512, 1, 30) AS received, pick(k, 501, 1, ${parts}) AS l_partkey, pick(k, 503, 1, 50) AS quantity
          FROM (SELECT order_key(i) AS l_orderkey, order_date(i) AS ordered, CAST(n AS INTEGER) AS l_linenumber, i * 8 + n AS k
            FROM (SELECT i, unnest(range(1, pick(i, 513, 1, 7) + 1)) AS n FROM ${numbers})))`
    case 'orders':
      // A third of the customers, those whose key 3 divides, order nothing.
      return `SELECT order_key(i) AS o_orderkey, CAST(c + c // 2 + 1 AS INTEGER) AS o_custkey, status AS o_orderstatus, total AS o_totalprice,
        order_date(i) AS o_orderdate, one_of(['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'], i, 602) AS o_orderpriority,
        format('Clerk#{:09d}', pick(i, 603, 1, ${Math.max(1, Math.round(1000 * scaleFactor))})) AS o_clerk, 0 AS o_shippriority, remark(i, 604) AS o_comment
        FROM (SELECT i, pick(i, 601, 0, ${Math.floor((customers * 2) / 3) - 1}) AS c FROM ${numbers})
        JOIN (SELECT l_orderkey, CAST(sum(round(l_extendedprice * (1 + l_tax) * (1 - l_discount), 2)) AS DECIMAL(15, 2)) AS total,
            CASE WHEN bool_and(l_linestatus = 'F') THEN 'F' WHEN bool_and(l_linestatus = 'O') THEN 'O' ELSE 'P' END AS status
          FROM ${lineitem} WHERE l_orderkey BETWEEN order_key(${from}) AND order_key(${to - 1}) GROUP BY l_orderkey)
        ON l_orderkey = order_key(i) ORDER BY i`
  }
}

/** How many numbers `rowsOf` counts for a table. */
export function numbersOf(table: TableName, scaleFactor: number): number {
  switch (table) {
    case 'region':
      return REGIONS.length
    case 'nation':
      return NATIONS.length
    case 'partsupp':
      return rowCount('part', scaleFactor)
    case 'lineitem':
      return rowCount('orders', scaleFactor)
    default:
      return rowCount(table, scaleFactor)
  }
}
