/** What went wrong: AWS's code, its words, and what to do about it. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^(ExpiredToken|SignedOut|ExpiredTokenException)/, 'Sign in again: your temporary keys have ended.'],
  [
    /^(InvalidAccessKeyId|UnrecognizedClient|InvalidClientTokenId)/,
    'The lake does not know these keys. Sign in with others.',
  ],
  [/^(SignatureDoesNotMatch|InvalidSignature)/, 'The secret key is not the one of this access key. Sign in again.'],
  [/^AccessDenied/, 'The policies of these keys do not allow it. Whoever manages the lake can give you the right.'],
  [
    /^(Throttling|LimitExceeded|TooManyRequests|SlowDown|ServiceUnavailable)/,
    'The lake is busy. Wait a little and try again.',
  ],
  [/^(NoSuchBucket|EntityNotFound|ResourceNotFound|NoSuchKey)/, 'It is not there, or not any more. Reload the list.'],
  [/^BucketNotEmpty/, 'Empty the bucket first.'],
  [/^(CrawlerRunning|ConcurrentModification)/, 'Wait until what is under way has ended.'],
]

/** As browsers say that nobody was there. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Error && /^(Failed to fetch|NetworkError|Load failed)/.test(error.message)
}

export function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error'
}

export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (isUnanswered(error)) return 'The lake does not answer.'
  return text === '' ? 'The lake says no more.' : text
}

export function adviceOf(error: unknown): string | undefined {
  if (isUnanswered(error)) return 'Is it running? The page goes on by itself when it is back.'
  const code = codeOf(error)
  return ADVICE.find(([pattern]) => pattern.test(code))?.[1]
}

interface ErrorAlertProps {
  readonly error: unknown
  /** What was tried: "The table could not be read". */
  readonly title: string
  readonly onRetry?: () => void
  readonly onDismiss?: () => void
}

export function ErrorAlert({ error, title, onRetry, onDismiss }: ErrorAlertProps) {
  if (error === null || error === undefined) return null
  const advice = adviceOf(error)
  return (
    <Alert
      type="error"
      header={title}
      dismissible={onDismiss !== undefined}
      onDismiss={onDismiss}
      action={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      <Box variant="span" fontWeight="bold" color="inherit">
        {codeOf(error)}
      </Box>
      : {wordsOf(error)}
      {advice !== undefined && <Box color="inherit">{advice}</Box>}
    </Alert>
  )
}
