/** AWS's six fields of a schedule, said in words. */
const DAYS: Readonly<Record<string, string>> = {
  '1': 'Sunday',
  '2': 'Monday',
  '3': 'Tuesday',
  '4': 'Wednesday',
  '5': 'Thursday',
  '6': 'Friday',
  '7': 'Saturday',
  SUN: 'Sunday',
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
}
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** `cron(15 12 * * ? *)` → "At 12:15 every day (UTC)". A text that is no schedule gives undefined. */
export function cronWords(text: string): string | undefined {
  const fields = /^cron\((.*)\)$/.exec(text.trim())?.[1]?.trim().split(/\s+/)
  if (fields?.length !== 6) return undefined
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields
  const words = [timeWords(minute, hour), dayWords(day, weekday)]
  if (month !== '*') words.push(`in ${listWords(month, monthName)}`)
  if (year !== '*') words.push(`of ${listWords(year, (one) => one)}`)
  return `${words.join(' ')} (UTC)`
}

function timeWords(minute: string, hour: string): string {
  const isNumber = (field: string) => /^\d+$/.test(field)
  if (isNumber(minute) && isNumber(hour)) return `At ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (minute === '*' && hour === '*') return 'Every minute'
  const step = /^(?:\*|\d+)\/(\d+)$/
  const minutes = step.exec(minute)?.[1]
  if (minutes !== undefined && hour === '*') return `Every ${minutes} minutes`
  const hours = step.exec(hour)?.[1]
  if (isNumber(minute) && hours !== undefined) return `At minute ${minute} of every ${hours} hours`
  if (isNumber(minute) && hour === '*') return minute === '0' ? 'Every hour' : `At minute ${minute} of every hour`
  return `At minutes ${minute} of hours ${hour}`
}

function dayWords(day: string, weekday: string): string {
  const isAny = (field: string) => field === '*' || field === '?'
  if (isAny(day) && isAny(weekday)) return 'every day'
  if (!isAny(weekday)) {
    if (/^(MON-FRI|2-6)$/i.test(weekday)) return 'from Monday to Friday'
    const last = /^(\w+)L$/i.exec(weekday)?.[1]
    if (last !== undefined) return `on the last ${dayName(last)} of the month`
    const nth = /^(\w+)#(\d)$/.exec(weekday)
    if (nth !== null) return `on ${dayName(nth[1] ?? '')} number ${nth[2]} of the month`
    return `on ${listWords(weekday, dayName)}`
  }
  if (day === 'L') return 'on the last day of the month'
  if (/W$/.test(day)) return `on the weekday nearest to day ${day.slice(0, -1)} of the month`
  return `on day ${listWords(day, (one) => one)} of the month`
}

function listWords(field: string, name: (one: string) => string): string {
  const parts = field.split(',').map((one) => one.split('-').map(name).join(' to '))
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

const dayName = (one: string) => DAYS[one.toUpperCase()] ?? one
const monthName = (one: string) =>
  MONTHS[Number(one) - 1] ?? MONTHS.find((month) => month.toUpperCase().startsWith(one.toUpperCase())) ?? one
