/**
 * The log formats that AWS's crawlers know, in their order, and the pattern of each.
 *
 * AWS documents the two of Apache and, by way of Redshift Spectrum's examples, Ruby's. Of the others it documents only
 * the names: their patterns are written here after the formats themselves (syslog, IIS with its default fields in W3C
 * format, Squid 3 in its native format, Redis and its MONITOR).
 */
export interface LogFormat {
  readonly classification: string
  readonly pattern: string
}

const RUBY_LOGGER = String.raw`[DFEWI], \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid:int}\] *(?<loglevel>DEBUG|FATAL|ERROR|WARN|INFO|ANY) -- +%{DATA:progname}: %{GREEDYDATA:message}`

const MICROSOFT_LOG = [
  '%{TIMESTAMP_ISO8601:timestamp}',
  '%{IPORHOST:s_ip}',
  '%{WORD:cs_method}',
  '%{NOTSPACE:cs_uri_stem}',
  '%{NOTSPACE:cs_uri_query}',
  '%{NONNEGINT:s_port}',
  '%{NOTSPACE:cs_username}',
  '%{IPORHOST:c_ip}',
  '%{NOTSPACE:cs_user_agent}',
  '%{NOTSPACE:cs_referer}',
  '%{NONNEGINT:sc_status}',
  '%{NONNEGINT:sc_substatus}',
  '%{NONNEGINT:sc_win32_status}',
  '%{NONNEGINT:time_taken}',
].join(' ')

const SQUID = String.raw`%{NUMBER:timestamp}\s+%{NUMBER:duration}\s%{IPORHOST:client_address}\s%{WORD:cache_result}/%{NONNEGINT:status_code}\s%{NUMBER:bytes}\s%{NOTSPACE:request_method}\s%{NOTSPACE:url}\s%{NOTSPACE:user}\s%{WORD:hierarchy_code}/(?:%{IPORHOST:server}|-)\s%{NOTSPACE:content_type}`

const REDIS_MONITOR = String.raw`%{NUMBER:timestamp} \[%{INT:database} (?:%{IP:client}:%{NUMBER:port}|lua|unix:%{NOTSPACE:socket})\] "%{WORD:command}"\s?%{GREEDYDATA:params}`

const REDIS = String.raw`(?:\[%{POSINT:pid}\]|%{POSINT:pid}:[XCSM]) (?<timestamp>%{MONTHDAY} %{MONTH} (?:%{YEAR} )?%{TIME}) (?<level>[*#.-]) %{GREEDYDATA:message}`

export const LOG_FORMATS: readonly LogFormat[] = [
  { classification: 'combined_apache', pattern: '%{COMBINEDAPACHELOG}' },
  { classification: 'apache', pattern: '%{COMMONAPACHELOG}' },
  { classification: 'linux_kernel', pattern: '%{SYSLOGBASE} %{GREEDYDATA:message}' },
  { classification: 'microsoft_log', pattern: MICROSOFT_LOG },
  { classification: 'ruby_logger', pattern: RUBY_LOGGER },
  { classification: 'squid', pattern: SQUID },
  { classification: 'redismonlog', pattern: REDIS_MONITOR },
  { classification: 'redislog', pattern: REDIS },
]
