/** This machine by its own names and addresses: what nobody elsewhere can be. */
import type { RequestHead } from '../wire/sigv4/canonical.ts'

/** An address to listen on, or the peer of a socket. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(host)
}

/** A Host header. A page of another origin that makes its own name mean 127.0.0.1 still says that name here. */
export function isLoopbackName(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase()
  return name !== undefined && isLoopback(name.replace(/^\[(.*)\]$/, '$1'))
}

/** What a proxy adds to what it passes on: then the peer of the socket is not who asks. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'] as const

/**
 * A request by somebody on this machine who does not say who. One with a signature is never taken for it, so that a wrong
 * one is refused rather than overlooked.
 */
export function isUnsignedFromHere({ headers, rawQuery }: RequestHead, sourceIp: string): boolean {
  const isSigned = headers['authorization'] !== undefined || /(?:^|&)X-Amz-/.test(rawQuery)
  return (
    !isSigned &&
    isLoopback(sourceIp) &&
    isLoopbackName(headers['host']) &&
    FORWARDED.every((name) => headers[name] === undefined)
  )
}
