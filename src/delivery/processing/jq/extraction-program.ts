/**
 * What a thread runs over records without end: the user's query, with a few of jq's words changed for it. jq prints a
 * line for each result, one on standard error for a record that it fails at, and goes on with the next one.
 */

/** On one line, so that the lines jq counts in the query are the user's. */
const PRELUDE = [
  // Other records are other inputs of this run: a record that is alone in its run, as on AWS, has none after it.
  'def input: error("No more inputs");',
  'def inputs: empty;',
  'def input_line_number: 0;',
  // Standard error is for what jq itself has to say, and `halt_error`.
  'def debug: .; def stderr: .;',
  // This build's time_t has 32 bits, AWS's has 64: what is outside 1901 to 2038 is reckoned here.
  'def _is_far: if -2147483649 < . and . < 2147483648 then false else type == "number" end;',
  'def _days_before($y; $m):',
  '  ($y - (if $m < 2 then 1 else 0 end)) as $year | ($year / 400 | floor) as $era | ($year - $era * 400) as $yoe',
  '  | (((153 * (if $m > 1 then $m - 2 else $m + 10 end) + 2) / 5) | floor) as $doy',
  '  | $era * 146097 + $yoe * 365 + ($yoe / 4 | floor) - ($yoe / 100 | floor) + $doy - 719468;',
  'def _far_time:',
  '  (. / 86400 | floor) as $days | (. - $days * 86400) as $s | ($days + 719468) as $z | ($z / 146097 | floor) as $era',
  '  | ($z - $era * 146097) as $doe',
  '  | (($doe - ($doe / 1460 | floor) + ($doe / 36524 | floor) - ($doe / 146096 | floor)) / 365 | floor) as $yoe',
  '  | ($doe - (365 * $yoe + ($yoe / 4 | floor) - ($yoe / 100 | floor))) as $doy | ((5 * $doy + 2) / 153 | floor) as $mp',
  '  | (if $mp < 10 then $mp + 2 else $mp - 10 end) as $month | ($yoe + $era * 400 + (if $month < 2 then 1 else 0 end)) as $year',
  '  | [$year, $month, $doy - ((153 * $mp + 2) / 5 | floor) + 1, ($s / 3600 | floor), (($s / 60 | floor) % 60),',
  '     $s - ($s / 60 | floor) * 60, (($days + 4) % 7 + 7) % 7, $days - _days_before($year; 0)];',
  'def _far_seconds: _days_before(.[0]; .[1]) * 86400 + ((.[2] - 1) * 86400 + .[3] * 3600 + .[4] * 60 + (.[5] | floor));',
  'def _is_far_time: type == "array" and length > 5 and all(.[0:6][]; type == "number") and .[1] >= 0 and .[1] < 12',
  '  and (.[0] > 2037 or .[0] < 1902);',
  'def _gmtime: gmtime; def gmtime: if _is_far then _far_time else _gmtime end;',
  'def _localtime: localtime; def localtime: if _is_far then _far_time else _localtime end;',
  'def _mktime: mktime; def mktime: if _is_far_time then _far_seconds else _mktime end;',
  'def _strftime(f): strftime(f); def strftime(f): if _is_far then _far_time | _strftime(f) else _strftime(f) end;',
  'def _strflocaltime(f): strflocaltime(f);',
  'def strflocaltime(f): if _is_far then _far_time | _strflocaltime(f) else _strflocaltime(f) end;',
  'def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ"); def todate: todateiso8601;',
  'def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime; def fromdate: fromdateiso8601;',
]
  .map((line) => line.trim())
  .join(' ')

/** `query` compiles by itself; that is what keeps it from reaching names of ours. */
export function extractionProgram(query: string): string {
  return `${PRELUDE} ${query}`
}

/** jq with these arguments runs it: compact lines, each one written when it is made, no colours. */
export function jqArguments(program: string): string[] {
  return ['--compact-output', '--monochrome-output', '--unbuffered', program]
}
