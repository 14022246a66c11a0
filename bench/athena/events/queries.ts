/** What people ask of web events. The same text means the same to the lake, to DuckDB and to Trino. */
export interface EventQuery {
  readonly name: string
  readonly sql: string
}

export const EVENT_QUERIES: readonly EventQuery[] = [
  { name: 'first look', sql: 'SELECT * FROM events LIMIT 10' },
  { name: 'how many', sql: 'SELECT count(*) AS n FROM events' },
  {
    name: 'pages by views',
    sql: 'SELECT page_url_path, count(*) AS views FROM events GROUP BY page_url_path ORDER BY views DESC, page_url_path',
  },
  {
    name: 'users with most views',
    sql: 'SELECT user_custom_id, count(*) AS views, count(DISTINCT page_url_path) AS pages FROM events GROUP BY user_custom_id ORDER BY views DESC, user_custom_id LIMIT 10',
  },
  {
    name: 'one day by country',
    sql: `SELECT geo_country, count(*) AS views, count(DISTINCT user_domain_id) AS users FROM events WHERE "landing-date" = '2026-01-03' GROUP BY geo_country ORDER BY views DESC, geo_country`,
  },
  {
    name: 'by hour and device',
    sql: `SELECT date_trunc('hour', CAST(event_timestamp AS timestamp)) AS hour, device_is_mobile, count(*) AS views FROM events GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    name: 'campaigns to payment',
    sql: `SELECT utm_source, utm_campaign, count(DISTINCT user_domain_id) AS visitors, count(DISTINCT CASE WHEN page_url_path = '/payment' THEN user_domain_id END) AS payers FROM events WHERE utm_medium <> 'organic' GROUP BY utm_source, utm_campaign ORDER BY 1, 2`,
  },
  {
    name: 'next page',
    sql: `SELECT page_url_path, next_page, count(*) AS n FROM (SELECT page_url_path, lead(page_url_path) OVER (PARTITION BY user_domain_id ORDER BY event_timestamp, event_id) AS next_page FROM events WHERE "landing-date" <= '2026-01-02') AS steps GROUP BY page_url_path, next_page ORDER BY n DESC, 1, 2 LIMIT 20`,
  },
]
