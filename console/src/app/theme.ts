/** Light or dark: as the system has it until somebody chooses, then as chosen, in this browser. */
import { applyMode, Mode } from '@cloudscape-design/global-styles'

const KEY = 'lakelet.theme'

export type Theme = 'light' | 'dark'

export function currentTheme(): Theme {
  const chosen = localStorage.getItem(KEY)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export function applyStoredTheme(): void {
  applyMode(currentTheme() === 'dark' ? Mode.Dark : Mode.Light)
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  applyStoredTheme()
}
