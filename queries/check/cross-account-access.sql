-- id: cross-account-access
-- finds: roles that other accounts than their own assumed, from where and how often
-- reads: api_call
-- params: from_day, to_day, from_ms, to_ms, from_day, to_day, from_ms, to_ms
-- returns: role, source_account, source_identity, uses, first_ms, last_ms, sources, began_ms
WITH assumption AS (
  SELECT
    target, principal_account, ts_ms, source_address,
    coalesce(CASE WHEN principal LIKE 'arn:%' THEN principal END, json_extract_scalar(parameters, '$.sourceIdentity')) AS source_identity,
    CASE WHEN account = principal_account THEN 0 ELSE 1 END AS is_home
  FROM api_call
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND event_source = 'sts.amazonaws.com'
    AND error_code IS NULL
    -- A service of AWS is no account.
    AND coalesce(principal_type, '') <> 'AWSService'
    AND regexp_like(principal_account, '^[0-9]+')
    AND principal_account <> regexp_extract(target, '^arn:[a-z-]+:iam::([0-9]+):', 1)
),
-- The event stands in the trail of the caller's account too: where that of the role's own tells of an account, it alone counts.
told AS (
  SELECT assumption.*, max(is_home) OVER (PARTITION BY target, principal_account) AS is_told_at_home
  FROM assumption
),
-- How far back calls are known: who was not seen before that may have come every day.
reach AS (
  SELECT min(ts_ms) AS began_ms
  FROM api_call
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
)
SELECT
  target AS role,
  principal_account AS source_account,
  source_identity,
  count(*) AS uses,
  min(ts_ms) AS first_ms,
  max(ts_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT source_address)), chr(31)) AS sources,
  max(began_ms) AS began_ms
FROM told
CROSS JOIN reach
WHERE is_home = is_told_at_home
GROUP BY target, principal_account, source_identity
