-- id: log-gaps
-- finds: hours in which an instance wrote a log, and (without a cluster) hours of which CloudTrail has events
-- reads: log_hour, api_call
-- params: from_day, to_day, from_ms, to_ms, from_day, to_day, from_ms, to_ms
-- returns: cluster, instance, hour
SELECT cluster, instance, hour
FROM log_hour
WHERE day BETWEEN ? AND ?
  AND hour > ? - 3600000
  AND hour < ?
  AND records > 0
GROUP BY cluster, instance, hour
UNION ALL
SELECT CAST(NULL AS varchar) AS cluster, CAST(NULL AS varchar) AS instance, ts_ms - ts_ms % 3600000 AS hour
FROM api_call
WHERE day BETWEEN ? AND ?
  AND ts_ms >= ?
  AND ts_ms < ?
GROUP BY ts_ms - ts_ms % 3600000
