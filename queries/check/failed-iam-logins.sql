-- id: failed-iam-logins
-- finds: IAM logins that failed, one per attempt, and the callers and error codes that iam-db-auth-error names for them
-- reads: login, login_record
-- params: from_day, to_day, from_ms, to_ms, before_threshold, before_tenfold, from_day, to_day, window_ms, window_ms
-- returns: cluster, user_name, database_name, host, attempts, unconfirmed, reached, reached_tenfold, first_ms, last_ms, reasons, callers, codes
WITH failure AS (
  SELECT cluster, instance, user_name, database_name, host, first_ms, last_ms, confirmed, reason
  FROM login
  WHERE day BETWEEN ? AND ?
    AND first_ms >= ?
    AND first_ms < ?
    AND outcome = 'failed'
    AND method = 'pam'
),
-- Bursts cross the borders of fixed windows, so each attempt looks back at the one that would make it a burst.
slid AS (
  SELECT
    failure.*,
    lag(first_ms, ?) OVER (PARTITION BY cluster, user_name, database_name, host ORDER BY first_ms) AS threshold_ms,
    lag(first_ms, ?) OVER (PARTITION BY cluster, user_name, database_name, host ORDER BY first_ms) AS tenfold_ms
  FROM failure
),
caller AS (
  SELECT DISTINCT cluster, instance, user_name, identity, reason, ts_ms - ts_ms % 1000 AS second_ms
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND kind = 'iam-error'
    AND forged = 0
),
named AS (
  SELECT
    failure.cluster, failure.user_name, failure.database_name, failure.host,
    array_join(array_sort(array_agg(DISTINCT caller.identity)), chr(31)) AS callers,
    array_join(array_sort(array_agg(DISTINCT caller.reason)), chr(31)) AS codes
  FROM failure
  JOIN caller
    ON caller.cluster = failure.cluster
    AND caller.instance = failure.instance
    AND caller.user_name = failure.user_name
    AND caller.second_ms BETWEEN failure.first_ms - 3000 AND failure.last_ms + 3000
  GROUP BY failure.cluster, failure.user_name, failure.database_name, failure.host
)
SELECT
  slid.cluster, slid.user_name, slid.database_name, slid.host,
  count(*) AS attempts,
  sum(1 - slid.confirmed) AS unconfirmed,
  max(CASE WHEN slid.first_ms - slid.threshold_ms <= ? THEN 1 ELSE 0 END) AS reached,
  max(CASE WHEN slid.first_ms - slid.tenfold_ms <= ? THEN 1 ELSE 0 END) AS reached_tenfold,
  min(slid.first_ms) AS first_ms,
  max(slid.first_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT slid.reason)), chr(31)) AS reasons,
  max(named.callers) AS callers,
  max(named.codes) AS codes
FROM slid
LEFT JOIN named
  ON named.cluster = slid.cluster
  AND coalesce(named.user_name, '') = coalesce(slid.user_name, '')
  AND coalesce(named.database_name, '') = coalesce(slid.database_name, '')
  AND coalesce(named.host, '') = coalesce(slid.host, '')
GROUP BY slid.cluster, slid.user_name, slid.database_name, slid.host
