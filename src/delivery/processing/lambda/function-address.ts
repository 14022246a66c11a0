/**
 * From the ARN that a stream names to the URL that is invoked. Pure.
 *
 * The setting is asked for the most exact name first: the ARN as it is, `name:qualifier`, the ARN without its version
 * or alias, the name alone. The URL found is completed like this:
 *
 *  - with a path it is the function's own address, used as it is. AWS's runtime interface emulator is such a one:
 *    `http://127.0.0.1:9000/2015-03-31/functions/function/invocations`;
 *  - without a path it is an endpoint of the Lambda API, and the path is what an AWS SDK would ask it for:
 *    `/2015-03-31/functions/{name}/invocations`, with `?Qualifier=` when the ARN has a version or an alias.
 */

export interface FunctionAddress {
  readonly url: URL
  /**
   * One invocation at a time. So it is for the emulator, known by its path, which is the same for every function: it
   * has one environment to run functions in, and a second invocation meanwhile ends it (tried with the one of
   * 2026-10-30, which crashed).
   */
  readonly isSerial: boolean
}

interface FunctionName {
  readonly name: string
  /** A version or an alias. */
  readonly qualifier: string | undefined
}

const EMULATOR_PATH = '/2015-03-31/functions/function/invocations'

/** undefined: the setting has nothing for this function. `functionArn` may be a name. */
export function functionAddress(
  functionArn: string,
  urls: Readonly<Record<string, string>>,
): FunctionAddress | undefined {
  const found = namesOf(functionArn).find((name) => Object.hasOwn(urls, name))
  if (found === undefined) return undefined
  const url = new URL(urls[found] as string)
  if (url.pathname !== '/') return { url, isSerial: url.pathname === EMULATOR_PATH }
  const { name, qualifier } = functionName(functionArn)
  url.pathname = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
  if (qualifier !== undefined) url.searchParams.set('Qualifier', qualifier)
  return { url, isSerial: false }
}

export function functionName(functionArn: string): FunctionName {
  // arn:aws:lambda:region:account:function:name[:qualifier]
  const [name = '', qualifier] = functionArn.startsWith('arn:')
    ? functionArn.split(':').slice(6)
    : functionArn.split(':')
  return { name, qualifier }
}

function namesOf(functionArn: string): string[] {
  const { name, qualifier } = functionName(functionArn)
  if (qualifier === undefined) return [functionArn, name]
  const unqualified = functionArn.slice(0, -qualifier.length - 1)
  return [functionArn, `${name}:${qualifier}`, unqualified, name]
}
