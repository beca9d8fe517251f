-- id: weak-tls-sessions
-- finds: sessions with TLS below 1.2, or with a cipher that is broken
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, database_name, host, protocol, cipher, sessions, first_ms, last_ms, applications
SELECT
  cluster, user_name, database_name, host, protocol, cipher,
  count(*) AS sessions,
  min(first_ms) AS first_ms,
  max(first_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT application)), chr(31)) AS applications
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'session'
  AND tls = 'yes'
  AND (
    protocol IN ('TLSv1', 'TLSv1.0', 'TLSv1.1', 'SSLv2', 'SSLv3')
    OR regexp_like(cipher, '(NULL|EXP|DES|RC4|MD5)')
  )
GROUP BY cluster, user_name, database_name, host, protocol, cipher
