/**
 * Errors of services that spoke the query protocol once, in the protocols that came after it: their old name and whose
 * fault they are go into a header, and clients that know it report the old name.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html ("awsQueryCompatible")
 */
import type { WireError } from '../error.ts'
import type { ServiceModel } from '../shape.ts'

/** Names of the framework's errors in the query protocol, where no model has them. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  ValidationException: 'ValidationError',
  AccessDeniedException: 'AccessDenied',
  UnknownOperationException: 'InvalidAction',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ExpiredTokenException: 'ExpiredToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
}

export function queryErrorHeader(model: ServiceModel, error: WireError): Readonly<Record<string, string>> {
  if (model.isQueryCompatible !== true) return {}
  const fault = error.status >= 500 ? 'Receiver' : 'Sender'
  return { 'x-amzn-query-error': `${queryErrorName(model, error.code)};${fault}` }
}

/** `InvalidParameterValueException` is `InvalidParameterValue` in a query service's answer. */
export function queryErrorName(model: ServiceModel, code: string): string {
  const known = model.errors[code]?.code
  if (known !== undefined) return known
  return (model.isQueryCompatible === true ? OLD_NAMES[code] : undefined) ?? code
}
