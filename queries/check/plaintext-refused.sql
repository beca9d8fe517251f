-- id: plaintext-refused
-- finds: clients that were turned away because they came without TLS, local ones left out
-- reads: login
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, user_name, database_name, host, attempts, unconfirmed, first_ms, last_ms, reasons
SELECT
  cluster, user_name, database_name, host,
  count(*) AS attempts,
  sum(1 - confirmed) AS unconfirmed,
  min(first_ms) AS first_ms,
  max(first_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT reason)), chr(31)) AS reasons
FROM login
WHERE day BETWEEN ? AND ?
  AND first_ms >= ?
  AND first_ms < ?
  AND outcome = 'refused'
  AND tls = 'no'
  AND coalesce(host, '') <> '[local]'
GROUP BY cluster, user_name, database_name, host
