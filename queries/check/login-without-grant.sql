-- id: login-without-grant
-- finds: database users that logged in through IAM
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, sessions, first_ms, last_ms, sources
SELECT
  cluster, user_name,
  count(*) AS sessions,
  min(first_ms) AS first_ms,
  max(first_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT host)), chr(31)) AS sources
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'session'
  AND method = 'pam'
  AND user_name IS NOT NULL
GROUP BY cluster, user_name
