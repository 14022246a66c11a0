/**
 * Functions of DuckDB, written in JavaScript: lines of text that its own readers read otherwise than the SerDes, and
 * text it cannot make. They run on the child's only thread, so scans call them just for the files and lines that need it.
 *
 * lake_json_line(line, rules, ignoreMalformed, file) → JSON text, NULL for a row of NULLs
 * lake_escaped_fields(line, delimiter, escape), lake_quoted_fields(line, separator, quote, escape) → JSON array of texts
 * lake_regex_fields(line, expression) → JSON array of texts, NULL for a line that does not match
 * lake_grok_fields(line, rules) → the same by grok
 * lake_text_hash(text, start) → Java's hash of its bytes
 * lake_address_text(hex of the 16 bytes) → an IP address as it is written
 */
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBScalarFunction,
  type DuckDBVector,
  VARCHAR,
} from '@duckdb/node-api'
import { textHash } from './bucket.ts'
import { splitEscaped, splitQuoted } from './delimited-line.ts'
import { grokFields } from './grok-line.ts'
import { type JsonLineRules, MalformedLine, readJsonLine } from './json-line.ts'
import { addressText } from './print/ip-address.ts'
import { FAILURE_END, FAILURE_START, MESSAGE_END } from './print/text.ts'
import { regexFields } from './regex-line.ts'

const FUNCTIONS: Readonly<Record<string, { arguments: number; value(...args: string[]): string | undefined }>> = {
  lake_json_line: {
    arguments: 4,
    value(line, rules, ignoreMalformed, file) {
      try {
        return readJsonLine(line as string, jsonRules(rules as string))
      } catch (error) {
        if (!(error instanceof MalformedLine)) throw error
        if (ignoreMalformed === 'true') return undefined
        throw new Error(
          `${FAILURE_START}HIVE_CURSOR_ERROR${FAILURE_END}Row is not a valid JSON Object - JSONException: ${error.message}${MESSAGE_END} in file "${file}"`,
        )
      }
    },
  },
  lake_address_text: {
    arguments: 1,
    value: (hex) => addressText(Buffer.from(hex as string, 'hex')),
  },
  lake_text_hash: {
    arguments: 2,
    value: (text, start) => String(textHash(text as string, Number(start))),
  },
  lake_regex_fields: {
    arguments: 2,
    value(line, expression) {
      const fields = regexFields(line as string, expression as string)
      return fields && JSON.stringify(fields)
    },
  },
  lake_grok_fields: {
    arguments: 2,
    value(line, rules) {
      const fields = grokFields(line as string, rules as string)
      return fields && JSON.stringify(fields)
    },
  },
  lake_escaped_fields: {
    arguments: 3,
    value: (line, delimiter, escaping) =>
      JSON.stringify(splitEscaped(line as string, delimiter as string, escaping as string)),
  },
  lake_quoted_fields: {
    arguments: 4,
    value: (line, separator, quote, escaping) =>
      JSON.stringify(
        splitQuoted(line as string, {
          separator: separator as string,
          quote: quote as string,
          escaping: escaping as string,
        }),
      ),
  },
}

/** `openx:fold:dots` and the like: constants of a scan, as one text. */
export function jsonRulesText(rules: JsonLineRules): string {
  return [rules.serde, rules.foldCase ? 'fold' : 'keep', rules.dotsInKeys ? 'dots' : 'plain'].join(':')
}

function jsonRules(text: string): JsonLineRules {
  const [serde, fold, dots] = text.split(':')
  return { serde: serde === 'hive' ? 'hive' : 'openx', foldCase: fold === 'fold', dotsInKeys: dots === 'dots' }
}

export function installLineFunctions(connection: DuckDBConnection): void {
  for (const [name, definition] of Object.entries(FUNCTIONS)) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: Array.from({ length: definition.arguments }, () => VARCHAR),
        returnType: VARCHAR,
        mainFunction: (_info, input, output) => fill(input, output, definition),
      }),
    )
  }
}

function fill(input: DuckDBDataChunk, output: DuckDBVector, definition: (typeof FUNCTIONS)[string]): void {
  const columns = Array.from({ length: definition.arguments }, (_, index) => input.getColumnVector(index))
  for (let row = 0; row < input.rowCount; row++) {
    const values = columns.map((column) => column.getItem(row) as string | null)
    const isNull = values.includes(null)
    output.setItem(row, isNull ? null : (definition.value(...(values as string[])) ?? null))
  }
  output.flush()
}
