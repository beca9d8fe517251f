-- id: log-forgery
-- finds: records that cannot be genuine, by the true source of who wrote them
-- reads: login_record
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, host, records, first_ms, last_ms, claimed
WITH forgery AS (
  -- The same line may be in several files: what it says, when and by which process make it the same.
  SELECT cluster, instance, host, process, claimed, ts_ms - ts_ms % 1000 AS second_ms, count(*) AS copies, max(object) AS object
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND forged = 1
  GROUP BY cluster, instance, host, process, claimed, ts_ms - ts_ms % 1000
)
SELECT
  cluster,
  host,
  count(*) AS records,
  min(second_ms) AS first_ms,
  max(second_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT claimed)), chr(31)) AS claimed
FROM forgery
GROUP BY cluster, host
