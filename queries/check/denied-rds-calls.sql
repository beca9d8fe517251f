-- id: denied-rds-calls
-- finds: bursts of denied RDS calls of one principal
-- reads: api_call
-- params: from_day, to_day, from_ms, to_ms, before_threshold, window_ms
-- returns: account, principal, calls, first_ms, last_ms, names, sources, regions
WITH denial AS (
  SELECT coalesce(account, '') AS account, principal, ts_ms, event_name, source_address, region
  FROM api_call
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND event_source IN ('rds.amazonaws.com', 'rds-data.amazonaws.com')
    AND error_code IS NOT NULL
    AND regexp_like(error_code, '(AccessDenied|Unauthorized|NotAuthorized)')
),
slid AS (
  SELECT denial.*, lag(ts_ms, ?) OVER (PARTITION BY account, principal ORDER BY ts_ms) AS threshold_ms
  FROM denial
),
burst AS (
  SELECT account, principal
  FROM slid
  WHERE ts_ms - threshold_ms <= ?
  GROUP BY account, principal
)
SELECT
  slid.account, slid.principal,
  count(*) AS calls,
  min(slid.ts_ms) AS first_ms,
  max(slid.ts_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT slid.event_name)), chr(31)) AS names,
  array_join(array_sort(array_agg(DISTINCT slid.source_address)), chr(31)) AS sources,
  array_join(array_sort(array_agg(DISTINCT slid.region)), chr(31)) AS regions
FROM slid
JOIN burst
  ON burst.account = slid.account
  AND burst.principal = slid.principal
GROUP BY slid.account, slid.principal
