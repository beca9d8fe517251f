-- id: password-set-by-sql
-- finds: passwords that were set by SQL; whose is the master user is not in the logs
-- reads: login_record
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, database_name, host, role, times, first_ms, last_ms
WITH statement AS (
  -- The same record may be in several files.
  SELECT
    cluster, instance, process, user_name, database_name, host,
    CASE WHEN identity IN ('current_role', 'current_user', 'session_user', 'user') THEN user_name ELSE identity END AS role,
    ts_ms - ts_ms % 1000 AS second_ms,
    count(*) AS copies
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND kind = 'password-set'
    AND forged = 0
  GROUP BY
    cluster, instance, process, user_name, database_name, host,
    CASE WHEN identity IN ('current_role', 'current_user', 'session_user', 'user') THEN user_name ELSE identity END,
    ts_ms - ts_ms % 1000
)
SELECT
  cluster, user_name, database_name, host, role,
  count(*) AS times,
  min(second_ms) AS first_ms,
  max(second_ms) AS last_ms
FROM statement
GROUP BY cluster, user_name, database_name, host, role
