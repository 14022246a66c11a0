/** How listings show keys: as they are, or percent-encoded when the client asked for encoding-type=url. */
import type { EncodingType } from '../../wire/model/s3.ts'
import { invalidArgument } from './errors.ts'

export const ENTRIES_MAX = 1000

export interface ListingText {
  readonly EncodingType: EncodingType | undefined
  show<Text extends string | undefined>(text: Text): Text
}

export function listingText(encodingType: string | undefined): ListingText {
  if (encodingType === undefined) return { EncodingType: undefined, show: (text) => text }
  if (encodingType !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType)
  }
  return {
    EncodingType: 'url',
    show: <Text extends string | undefined>(text: Text) => (text === undefined ? text : percentEncoded(text)) as Text,
  }
}

/** Default and cap 1000; negative is refused. */
export function entryLimit(wanted: number | undefined, name: string): number {
  if (wanted === undefined) return ENTRIES_MAX
  if (wanted < 0) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, wanted)
  }
  return Math.min(wanted, ENTRIES_MAX)
}

/** Parts with greater numbers follow. */
export function partNumberMarker(marker = 0): number {
  if (marker >= 0) return marker
  throw invalidArgument(
    'Argument part-number-marker must be an integer between 0 and 2147483647',
    'part-number-marker',
    marker,
  )
}

/** Letters, digits, `-_.~*` and `/` stay; a blank becomes `+`, as Java's encoder has it. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
