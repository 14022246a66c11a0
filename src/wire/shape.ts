/**
 * The runtime description of an AWS service that the codecs interpret. `scripts/generate-wire-model.ts` writes these
 * tables into `wire/model/` from the public service models; nothing here is written by hand. Absent members mean the
 * model says nothing.
 *
 * Shapes refer to each other by name, because they are recursive. `shapes` holds every shape that an offered
 * operation or an error reaches.
 */

export type Protocol = 'json' | 'query' | 'rest-xml'

export interface ServiceModel {
  /** The name in the credential scope: `firehose`. */
  readonly signingName: string
  readonly apiVersion: string
  readonly protocol: Protocol
  /** Where there are several: all of them, the one that AWS prefers first, by botocore's names. */
  readonly protocols?: readonly string[]
  /** It was a query service once: errors of the other protocols carry their old names in a header of their own. */
  readonly isQueryCompatible?: true
  /** aws-json: what stands before the dot in X-Amz-Target. */
  readonly targetPrefix?: string
  /** aws-json: `1.0` or `1.1`. */
  readonly jsonVersion?: string
  readonly xmlNamespace?: string
  readonly operations: Readonly<Record<string, OperationModel>>
  readonly shapes: Readonly<Record<string, Shape>>
  /** Every modelled error an offered operation can answer, by the name of its shape. */
  readonly errors: Readonly<Record<string, ErrorModel>>
  /** Every operation of the AWS service, also those whose shapes are not here, so that a refusal can name it. */
  readonly known: readonly KnownOperation[]
}

export interface KnownOperation {
  readonly name: string
  readonly method: string
  /** rest-xml: `/{Bucket}/{Key+}?acl`. */
  readonly uri: string
}

export interface OperationModel {
  readonly method: string
  readonly uri: string
  readonly input?: string
  readonly output?: string
  /** query: the element around the output's members. */
  readonly resultWrapper?: string
  /** rest-xml: the root element of a request or reply whose members are the body. */
  readonly inputRoot?: string
  readonly inputNamespace?: string
  readonly responseCode?: number
  /** S3: the request member naming the checksum algorithm, and whether some checksum must come. */
  readonly checksum?: {
    readonly requestAlgorithmMember?: string
    readonly required?: boolean
    readonly requestValidationModeMember?: string
    readonly responseAlgorithms?: readonly string[]
  }
}

export interface ErrorModel {
  /** The name on the wire, where it differs from the shape's. */
  readonly code: string
  readonly status: number
  /** How this error spells its text: `message`, `Message`, or '' when the model gives it none. */
  readonly messageMember: string
}

export type TimestampFormat = 'iso8601' | 'rfc822' | 'unixTimestamp'

export interface Member {
  readonly shape: string
  /** The name on the wire where it differs from the member's own: header, query parameter, element, attribute. */
  readonly name?: string
  /** Absent: in the body. `headers` is a map under the prefix `name`. */
  readonly in?: 'header' | 'headers' | 'querystring' | 'uri' | 'statusCode'
  readonly flattened?: boolean
  readonly xmlAttribute?: boolean
  readonly xmlNamespace?: string
  readonly streaming?: boolean
  readonly timestampFormat?: TimestampFormat
}

export interface StructureShape {
  readonly kind: 'structure'
  readonly members: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
  /** The member that is the whole body. */
  readonly payload?: string
  readonly xmlName?: string
  readonly xmlNamespace?: string
  /** Exactly one member must be set. */
  readonly union?: boolean
}

export interface ListShape {
  readonly kind: 'list'
  readonly member: Member
  readonly min?: number
  readonly max?: number
  readonly flattened?: boolean
}

export interface MapShape {
  readonly kind: 'map'
  readonly key: Member
  readonly value: Member
  readonly min?: number
  readonly max?: number
  readonly flattened?: boolean
}

export interface StringShape {
  readonly kind: 'string'
  readonly min?: number
  readonly max?: number
  /** As AWS prints it: a Java expression that must match the whole value. */
  readonly pattern?: string
  readonly enum?: readonly string[]
}

export interface NumberShape {
  readonly kind: 'integer' | 'long' | 'double' | 'float'
  readonly min?: number
  readonly max?: number
}

export interface BlobShape {
  readonly kind: 'blob'
  /** Bytes, after base64 is undone. */
  readonly min?: number
  readonly max?: number
}

export interface TimestampShape {
  readonly kind: 'timestamp'
  readonly timestampFormat?: TimestampFormat
}

export type Shape =
  | StructureShape
  | ListShape
  | MapShape
  | StringShape
  | NumberShape
  | BlobShape
  | TimestampShape
  | { readonly kind: 'boolean' }
  /** Any JSON value. */
  | { readonly kind: 'document' }
