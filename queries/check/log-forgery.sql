-- id: log-forgery
-- finds: records that cannot be genuine, by the true source of who wrote them
-- reads: login_record
-- params: from_day, to_day, from_ms, to_ms
-- returns: cluster, host, records, first_ms, last_ms, claimed
WITH found AS (
  SELECT
    cluster, instance, object, host, process, claimed, ts_ms,
    min(host) OVER (PARTITION BY cluster, instance, process, json_extract_scalar(claimed, '$.names')) AS first_host,
    max(host) OVER (PARTITION BY cluster, instance, process, json_extract_scalar(claimed, '$.names')) AS last_host
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND forged = 1
),
-- Of the records of one attempt only some repeat its names, which tells the source: it is that of the others too.
written AS (
  SELECT
    cluster, instance, object, process, claimed, ts_ms,
    CASE WHEN host IS NULL AND process IS NOT NULL AND first_host = last_host THEN first_host ELSE host END AS host
  FROM found
),
copied AS (
  -- One attempt forges the same line as often as the server writes for it.
  SELECT cluster, instance, object, host, process, claimed, ts_ms - ts_ms % 1000 AS second_ms, count(*) AS copies
  FROM written
  GROUP BY cluster, instance, object, host, process, claimed, ts_ms - ts_ms % 1000
),
-- The same lines may be in several files.
forgery AS (
  SELECT cluster, instance, host, process, claimed, second_ms, max(copies) AS copies
  FROM copied
  GROUP BY cluster, instance, host, process, claimed, second_ms
)
SELECT
  cluster,
  host,
  sum(copies) AS records,
  min(second_ms) AS first_ms,
  max(second_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT claimed)), chr(31)) AS claimed
FROM forgery
GROUP BY cluster, host
