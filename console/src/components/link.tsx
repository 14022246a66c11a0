/** Links within the console: followed without loading the page anew, and real addresses all the same. */
import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import CloudscapeLink from '@cloudscape-design/components/link'
import type { ReactNode } from 'react'
import { useHref, useNavigate } from 'react-router'

interface LinkProps {
  readonly to: string
  readonly children: ReactNode
  readonly variant?: 'primary' | 'secondary'
}

export function Link({ to, children, variant = 'primary' }: LinkProps) {
  const navigate = useNavigate()
  return (
    <CloudscapeLink
      href={useHref(to)}
      variant={variant}
      onFollow={(event) => {
        if (event.detail.external) return
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </CloudscapeLink>
  )
}

export function LinkButton({ to, ...props }: { readonly to: string } & Omit<ButtonProps, 'href' | 'onFollow'>) {
  const navigate = useNavigate()
  return (
    <Button
      {...props}
      href={useHref(to)}
      onFollow={(event) => {
        event.preventDefault()
        navigate(to)
      }}
    />
  )
}

/** A part of a path, whatever is in it. */
export const part = (text: string): string => encodeURIComponent(text)
