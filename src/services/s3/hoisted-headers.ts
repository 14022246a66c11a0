/**
 * Presigners put the x-amz-* headers of a request into the query of its link; S3 reads them there as if they were
 * headers. Values of checksums are an exception: an SDK signs that of an empty body, because it has no other, and S3
 * does not hold the real body against it (observed on AWS in 2024 and 2026).
 */
import type { WireRequest } from '../../wire/http.ts'

const NOT_HEADERS =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|sdk-.*|trailer|checksum-(?!mode$|type$).*)$/

export function withHoistedHeaders(request: WireRequest): WireRequest {
  const isPresigned = request.query.some(([name]) => name.toLowerCase() === 'x-amz-signature')
  if (!isPresigned) return request
  const hoisted = request.query
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-amz-') && !NOT_HEADERS.test(name))
  return hoisted.length === 0
    ? request
    : { ...request, headers: { ...Object.fromEntries(hoisted), ...request.headers } }
}
