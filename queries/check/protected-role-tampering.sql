-- id: protected-role-tampering
-- finds: attempts on rdsadmin, by statements and by logins, and refusals that name rds_password
-- reads: login_record
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, database_name, host, reason, times, first_ms, last_ms
WITH attempt AS (
  SELECT
    cluster, instance, process, user_name, database_name, host, ts_ms - ts_ms % 1000 AS second_ms,
    CASE kind WHEN 'protected-role' THEN reason WHEN 'password-set' THEN 'an attempt on rdsadmin' ELSE 'a login as rdsadmin' END AS reason
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND forged = 0
    AND (
      -- RDS itself comes over the local socket.
      (kind = 'protected-role' AND NOT (coalesce(user_name, '') = 'rdsadmin' AND coalesce(host, '') = '[local]'))
      OR (kind = 'password-set' AND identity = 'rdsadmin')
      OR (kind IN ('failed', 'refused') AND user_name = 'rdsadmin' AND coalesce(host, '') <> '[local]')
    )
),
once AS (
  -- The same record may be in several files.
  SELECT cluster, instance, process, user_name, database_name, host, reason, second_ms, count(*) AS copies
  FROM attempt
  GROUP BY cluster, instance, process, user_name, database_name, host, reason, second_ms
)
SELECT
  cluster, user_name, database_name, host, reason,
  count(*) AS times,
  min(second_ms) AS first_ms,
  max(second_ms) AS last_ms
FROM once
GROUP BY cluster, user_name, database_name, host, reason
