-- id: failed-password-logins
-- finds: password logins that failed, one per attempt; roles that do not exist apart
-- reads: login
-- params: from_day, to_day, from_ms, to_ms, before_threshold, before_tenfold, window_ms, window_ms
-- returns: cluster, user_name, database_name, host, unknown_user, attempts, unconfirmed, reached, reached_tenfold, first_ms, last_ms, reasons
WITH failure AS (
  SELECT
    cluster, user_name, database_name, host, first_ms, confirmed, reason,
    CASE WHEN reason LIKE '%role does not exist' THEN 1 ELSE 0 END AS unknown_user
  FROM login
  WHERE day BETWEEN ? AND ?
    AND first_ms >= ?
    AND first_ms < ?
    AND outcome = 'failed'
    AND coalesce(method, '') <> 'pam'
),
slid AS (
  SELECT
    failure.*,
    lag(first_ms, ?) OVER (PARTITION BY cluster, user_name, database_name, host ORDER BY first_ms) AS threshold_ms,
    lag(first_ms, ?) OVER (PARTITION BY cluster, user_name, database_name, host ORDER BY first_ms) AS tenfold_ms
  FROM failure
)
SELECT
  cluster, user_name, database_name, host,
  max(unknown_user) AS unknown_user,
  count(*) AS attempts,
  sum(1 - confirmed) AS unconfirmed,
  max(CASE WHEN first_ms - threshold_ms <= ? THEN 1 ELSE 0 END) AS reached,
  max(CASE WHEN first_ms - tenfold_ms <= ? THEN 1 ELSE 0 END) AS reached_tenfold,
  min(first_ms) AS first_ms,
  max(first_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT reason)), chr(31)) AS reasons
FROM slid
GROUP BY cluster, user_name, database_name, host
