/** The same as a command of the AWS CLI, for those who want to repeat or to learn it. */
import Box from '@cloudscape-design/components/box'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'

export function CliCommand({ lines }: { readonly lines: readonly string[] }) {
  const text = `export AWS_ENDPOINT_URL=${location.origin}\n${lines.join('\n')}`
  return (
    <ExpandableSection headerText="Show as AWS CLI command" variant="footer">
      <SpaceBetween size="xs">
        <Box variant="code">
          <pre className="command">{text}</pre>
        </Box>
        <CopyToClipboard copyButtonText="Copy" copySuccessText="Copied" copyErrorText="Not copied" textToCopy={text} />
      </SpaceBetween>
    </ExpandableSection>
  )
}

/** An argument as a shell takes it. */
export function shellText(value: string): string {
  return /^[\w./:=@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

/** A JSON argument on lines of its own. */
export function shellJson(value: unknown): string {
  return shellText(JSON.stringify(value, null, 2))
}
