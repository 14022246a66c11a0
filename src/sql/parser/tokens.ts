/**
 * Tokens of both grammars and the words that mean something in them.
 *
 * In Trino a word is reserved (never a name unless quoted) or not; every other word that the grammar uses is a plain
 * `word` token whose meaning depends on its place. Source: the grammar of Trino releases about 430.
 */
import type { Position } from '../tree.ts'

export type TokenKind =
  | 'word'
  | 'reserved'
  /** "…" as a name. */
  | 'quoted'
  /** `…` */
  | 'backquoted'
  /** 1x: begins with a digit. */
  | 'digits'
  | 'string'
  | 'unicode-string'
  | 'binary'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'symbol'
  | 'unrecognized'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written; `<EOF>` at the end. */
  readonly text: string
  /** Upper case for words, the symbol itself for symbols, empty for all others: what the grammar compares with. */
  readonly word: string
  readonly at: Position
  readonly start: number
  readonly end: number
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''))

export const RESERVED = words(`
  ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH CURRENT_ROLE
  CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE
  EXCEPT EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS JOIN JSON_ARRAY
  JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_TABLE JSON_VALUE LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE
  NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UESCAPE UNION UNNEST USING
  VALUES WHEN WHERE WITH`)

/** Words that may be a name in Hive's DDL only within back-ticks. TIME is not among them: AWS's own examples use it bare. */
export const HIVE_RESERVED = words(`
  ALL ALTER AND ARRAY AS AUTHORIZATION BETWEEN BIGINT BINARY BOOLEAN BOTH BY CASE CAST CHAR COLUMN CONF CONSTRAINT
  COMMIT CREATE CROSS CUBE CURRENT CURRENT_DATE CURRENT_TIMESTAMP CURSOR DATABASE DATE DAYOFWEEK DECIMAL DELETE DESCRIBE
  DISTINCT DIV DOUBLE DROP ELSE END EXCHANGE EXISTS EXTENDED EXTERNAL EXTRACT FALSE FETCH FLOAT FLOOR FOLLOWING FOR
  FOREIGN FROM FULL FUNCTION GRANT GROUP GROUPING HAVING IF IMPORT IN INNER INSERT INT INTEGER INTERSECT INTERVAL INTO IS
  JOIN LATERAL LEFT LESS LIKE LOCAL MACRO MAP MORE NONE NOT NULL NUMERIC OF ON ONLY OR ORDER OUT OUTER OVER PARTIALSCAN
  PARTITION PERCENT PRECEDING PRECISION PRESERVE PRIMARY PROCEDURE RANGE READS REDUCE REGEXP REFERENCES REVOKE RIGHT RLIKE
  ROLLBACK ROLLUP ROW ROWS SELECT SET SMALLINT START TABLE TABLESAMPLE THEN TIMESTAMP TO TRANSFORM TRIGGER TRUE
  TRUNCATE UNBOUNDED UNION UNIQUEJOIN UPDATE USER USING UTC_TIMESTAMP VALUES VARCHAR VIEWS WHEN WHERE WINDOW WITH`)
