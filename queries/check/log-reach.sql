-- id: log-reach
-- finds: in how many hours of the window each instance wrote a log, and (without a cluster) CloudTrail has events; how far back both go
-- reads: log_hour, api_call
-- params: from_day, to_day, from_day, to_day, from_ms, to_ms, from_ms, to_ms
-- returns: cluster, instance, hours, records, rejected, first_hour, last_hour, unbroken_hour
WITH written AS (
  -- An hour may come in several objects.
  SELECT cluster, instance, hour, sum(records) AS records, sum(rejected) AS rejected
  FROM log_hour
  WHERE day BETWEEN ? AND ?
  GROUP BY cluster, instance, hour
),
spoken AS (
  SELECT
    cluster, instance, hour, records, rejected,
    lag(hour) OVER (PARTITION BY cluster, instance ORDER BY hour) AS hour_before
  FROM written
  WHERE records > 0
),
called AS (
  SELECT ts_ms - ts_ms % 3600000 AS hour, count(*) AS records
  FROM api_call
  WHERE day BETWEEN ? AND ?
  GROUP BY ts_ms - ts_ms % 3600000
)
SELECT
  cluster, instance,
  count(CASE WHEN hour >= ? AND hour < ? THEN 1 END) AS hours,
  sum(records) AS records,
  sum(rejected) AS rejected,
  min(hour) AS first_hour,
  max(hour) AS last_hour,
  -- From here to the last one, no hour is missing.
  max(CASE WHEN hour_before IS NULL OR hour - hour_before > 3600000 THEN hour END) AS unbroken_hour
FROM spoken
GROUP BY cluster, instance
UNION ALL
SELECT
  CAST(NULL AS varchar) AS cluster, CAST(NULL AS varchar) AS instance,
  count(CASE WHEN hour >= ? AND hour < ? THEN 1 END) AS hours,
  sum(records) AS records,
  0 AS rejected,
  min(hour) AS first_hour,
  max(hour) AS last_hour,
  CAST(NULL AS bigint) AS unbroken_hour
FROM called
HAVING count(*) > 0
