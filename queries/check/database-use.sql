-- id: database-use
-- finds: which database users had sessions on which clusters, and how many of them without TLS
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, sessions, plaintext_sessions, first_ms, last_ms, last_plaintext_ms, methods, sources
SELECT
  cluster,
  user_name,
  count(*) AS sessions,
  count(CASE WHEN tls = 'no' AND coalesce(host, '') <> '[local]' THEN 1 END) AS plaintext_sessions,
  min(first_ms) AS first_ms,
  max(last_ms) AS last_ms,
  max(CASE WHEN tls = 'no' AND coalesce(host, '') <> '[local]' THEN first_ms END) AS last_plaintext_ms,
  array_join(array_sort(array_agg(DISTINCT method)), chr(31)) AS methods,
  array_join(array_sort(array_agg(DISTINCT host)), chr(31)) AS sources
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'session'
  AND user_name IS NOT NULL
GROUP BY cluster, user_name
