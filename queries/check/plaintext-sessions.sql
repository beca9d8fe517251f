-- id: plaintext-sessions
-- finds: sessions without TLS, local ones left out
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, database_name, host, sessions, first_ms, last_ms, applications
SELECT
  cluster, user_name, database_name, host,
  count(*) AS sessions,
  min(first_ms) AS first_ms,
  max(first_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT application)), chr(31)) AS applications
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'session'
  AND tls = 'no'
  AND coalesce(host, '') <> '[local]'
GROUP BY cluster, user_name, database_name, host
