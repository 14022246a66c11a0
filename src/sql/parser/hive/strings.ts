/** Hive's string literals: `\` escapes, also as octal `\001` and as `\u0041`. `\%` and `\_` keep their backslash. */

/** `text` with its quotes. */
export function hiveString(text: string): string {
  return text
    .slice(1, -1)
    .replace(
      /\\(?:u([\da-fA-F]{4})|([01][0-7]{2})|([\s\S]))/g,
      (_whole, hex?: string, octal?: string, other?: string) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
        return ESCAPES[other ?? ''] ?? other ?? ''
      },
    )
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  '%': '\\%',
  _: '\\_',
}
