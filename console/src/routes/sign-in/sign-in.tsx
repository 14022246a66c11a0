/** Signing in: with the keys that any AWS client would use, or by a link of `lakelet up` that is good once. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '../../app/session-context.tsx'
import { ErrorAlert } from '../../components/errors.tsx'
import { useTitle } from '../../components/page.tsx'
import { forgetClients } from '../../drivers/connection.ts'
import { callerIdentity } from '../../drivers/sts.ts'
import { lakeSettings, redeemLink, type Session, storeSession } from '../../session.ts'

export function SignIn() {
  useTitle('Sign in')
  const { signIn, ended } = useSession()
  const settings = useQuery({ queryKey: ['settings'], queryFn: lakeSettings, retry: true, retryDelay: 2_000 })
  const [accessKeyId, setAccessKeyId] = useState('')
  const [secretAccessKey, setSecretAccessKey] = useState('')
  const [sessionToken, setSessionToken] = useState('')
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const region = settings.data?.region
  const redeemed = useRef(false)

  useEffect(() => {
    const token = /#token=(\w+)/.exec(location.hash)?.[1]
    if (token === undefined || region === undefined || redeemed.current) return
    redeemed.current = true
    // It must not be in the history of the browser: it is good only once, but still.
    history.replaceState(null, '', location.pathname)
    redeemLink(token, region).then(signIn, setError)
  }, [region, signIn])

  const tryKeys = async (session: Session) => {
    setBusy(true)
    setError(undefined)
    storeSession(session)
    forgetClients()
    try {
      await callerIdentity()
      signIn(session)
    } catch (failure) {
      storeSession(undefined)
      forgetClients()
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const submit = () => {
    if (region === undefined || accessKeyId === '' || secretAccessKey === '') return
    const token = sessionToken.trim()
    void tryKeys({
      accessKeyId: accessKeyId.trim(),
      secretAccessKey: secretAccessKey.trim(),
      region,
      ...(token !== '' && { sessionToken: token }),
    })
  }

  return (
    <main>
      <Box padding={{ top: 'xxxl', horizontal: 'l' }}>
        <div style={{ maxWidth: 480, margin: '0 auto' }}>
          <SpaceBetween size="l">
            <Box textAlign="center" variant="h1" fontSize="display-l">
              lakelet
            </Box>
            {settings.error !== null && <ErrorAlert error={settings.error} title="The lake does not answer" />}
            {ended === 'expired' && <Alert type="info">Your session has ended. Sign in again.</Alert>}
            <ErrorAlert error={error} title="You are not signed in" />
            <form
              onSubmit={(event) => {
                event.preventDefault()
                submit()
              }}
            >
              <Container
                header={
                  <Header
                    variant="h2"
                    description="With the keys that an AWS client would use. They stay in this tab and are forgotten with it."
                  >
                    Sign in
                  </Header>
                }
              >
                <Form
                  actions={
                    <SpaceBetween direction="horizontal" size="xs">
                      {settings.data?.auth === 'open' && region !== undefined && (
                        <Button
                          formAction="none"
                          loading={isBusy}
                          onClick={() => void tryKeys({ accessKeyId: 'test', secretAccessKey: 'test', region })}
                        >
                          Continue without keys
                        </Button>
                      )}
                      <Button variant="primary" loading={isBusy} disabled={region === undefined}>
                        Sign in
                      </Button>
                    </SpaceBetween>
                  }
                >
                  <SpaceBetween size="m">
                    <FormField label="Access key ID">
                      <Input value={accessKeyId} autoFocus onChange={({ detail }) => setAccessKeyId(detail.value)} />
                    </FormField>
                    <FormField label="Secret access key">
                      <Input
                        type="password"
                        autoComplete={false}
                        value={secretAccessKey}
                        onChange={({ detail }) => setSecretAccessKey(detail.value)}
                      />
                    </FormField>
                    <FormField label="Session token" description="Of temporary keys only">
                      <Input
                        type="password"
                        autoComplete={false}
                        value={sessionToken}
                        onChange={({ detail }) => setSessionToken(detail.value)}
                      />
                    </FormField>
                  </SpaceBetween>
                </Form>
              </Container>
            </form>
            <Box color="text-body-secondary" textAlign="center">
              <code>lakelet up</code> prints a link that signs in without keys, <code>lakelet console</code> makes
              another.
              <br />
              Version {settings.data?.version ?? '…'}, region {region ?? '…'}
            </Box>
          </SpaceBetween>
        </div>
      </Box>
    </main>
  )
}
