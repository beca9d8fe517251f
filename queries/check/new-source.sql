-- id: new-source
-- finds: on which days which user had sessions from which address; 0 sessions: one ended that began earlier
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, host, day, sessions, first_ms, last_ms
SELECT
  cluster, user_name, host, day,
  count(CASE WHEN confirmed = 1 OR tls IS NOT NULL THEN 1 END) AS sessions,
  min(CASE WHEN confirmed = 1 OR tls IS NOT NULL THEN first_ms END) AS first_ms,
  max(first_ms) AS last_ms
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'session'
  AND user_name IS NOT NULL
  AND host IS NOT NULL
  AND host <> '[local]'
GROUP BY cluster, user_name, host, day
