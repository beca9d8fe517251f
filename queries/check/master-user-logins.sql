-- id: master-user-logins
-- finds: sessions by user and source; which user is the master is not in the logs
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, host, sessions, days, first_ms, last_ms
SELECT
  cluster, user_name, host,
  count(*) AS sessions,
  count(DISTINCT day) AS days,
  min(first_ms) AS first_ms,
  max(first_ms) AS last_ms
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'session'
  -- A session whose end alone was seen began before.
  AND NOT (confirmed = 0 AND tls IS NULL)
  AND user_name IS NOT NULL
GROUP BY cluster, user_name, host
