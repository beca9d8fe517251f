-- id: role-use
-- finds: how often each role was assumed, and by whom; denied tries are none
-- reads: api_call
-- params: from_day, to_day, from_ms, to_ms
-- returns: role, uses, first_ms, last_ms, callers
SELECT
  target AS role,
  count(*) AS uses,
  min(ts_ms) AS first_ms,
  max(ts_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT principal)), chr(31)) AS callers
FROM api_call
WHERE day BETWEEN ? AND ?
  AND ts_ms >= ?
  AND ts_ms < ?
  AND event_source = 'sts.amazonaws.com'
  AND error_code IS NULL
  AND target IS NOT NULL
GROUP BY target
