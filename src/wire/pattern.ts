/**
 * The regular expressions of the AWS service models are Java's and must match the whole value. This turns one into a
 * JavaScript expression with the same meaning.
 */

/** Throws a SyntaxError when the expression uses something JavaScript has no word for; the generator tries them all. */
export function compilePattern(pattern: string): RegExp {
  // Java reads a pair of surrogate escapes as one character and knows `\p{L}`, as JavaScript does only with the u flag;
  // that flag refuses the two needless escapes the models use, `\_` and, outside brackets, `\-`.
  return new RegExp(`^(?:${pattern.replaceAll('\\_', '_').replaceAll('\\-', '\\x2d')})$`, 'u')
}
