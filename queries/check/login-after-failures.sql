-- id: login-after-failures
-- finds: sessions soon after failures at the threshold from the same source
-- reads: login
-- params: from_day, to_day, from_ms, to_ms, before_threshold, window_ms, sessions_from_ms, after_ms
-- returns: cluster, user_name, host, sessions, first_failure_ms, first_ms, last_ms
WITH attempt AS (
  SELECT cluster, user_name, host, first_ms, outcome
  FROM login
  WHERE day BETWEEN ? AND ?
    AND first_ms >= ?
    AND first_ms < ?
    AND outcome IN ('failed', 'session')
    -- Of a session whose end alone was seen nobody knows when it began.
    AND NOT (outcome = 'session' AND confirmed = 0 AND tls IS NULL)
    AND host IS NOT NULL
    AND host <> '[local]'
),
slid AS (
  SELECT
    cluster, host, user_name, first_ms,
    lag(first_ms, ?) OVER (PARTITION BY cluster, host ORDER BY first_ms) AS threshold_ms
  FROM attempt
  WHERE outcome = 'failed'
),
-- The moment from which a success of this source is suspicious.
burst AS (
  SELECT cluster, host, first_ms AS burst_ms, threshold_ms
  FROM slid
  WHERE first_ms - threshold_ms <= ?
),
-- The last burst before each session: both kinds in one order, so that no pairs are formed.
merged AS (
  SELECT cluster, host, burst_ms AS ms, 0 AS is_session, CAST(NULL AS varchar) AS user_name, threshold_ms FROM burst
  UNION ALL
  SELECT cluster, host, first_ms AS ms, 1 AS is_session, user_name, CAST(NULL AS bigint) AS threshold_ms FROM attempt WHERE outcome = 'session'
),
followed AS (
  SELECT
    cluster, host, ms, is_session, user_name,
    max(CASE WHEN is_session = 0 THEN ms END) OVER (PARTITION BY cluster, host ORDER BY ms, is_session ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS burst_ms,
    max(threshold_ms) OVER (PARTITION BY cluster, host ORDER BY ms, is_session ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS failing_ms
  FROM merged
)
SELECT
  cluster, user_name, host,
  count(*) AS sessions,
  min(failing_ms) AS first_failure_ms,
  min(ms) AS first_ms,
  max(ms) AS last_ms
FROM followed
WHERE is_session = 1
  AND ms >= ?
  AND ms - burst_ms <= ?
GROUP BY cluster, user_name, host
