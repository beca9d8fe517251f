-- id: cross-account-access
-- finds: roles of this account that other accounts assumed, from where and how often
-- reads: api_call
-- params: from_day, to_day, from_ms, to_ms
-- returns: role, source_account, source_identity, uses, first_ms, last_ms, sources
SELECT
  target AS role,
  principal_account AS source_account,
  coalesce(CASE WHEN principal LIKE 'arn:%' THEN principal END, json_extract_scalar(parameters, '$.sourceIdentity')) AS source_identity,
  count(*) AS uses,
  min(ts_ms) AS first_ms,
  max(ts_ms) AS last_ms,
  array_join(array_sort(array_agg(DISTINCT source_address)), chr(31)) AS sources
FROM api_call
WHERE day BETWEEN ? AND ?
  AND ts_ms >= ?
  AND ts_ms < ?
  AND event_source = 'sts.amazonaws.com'
  AND error_code IS NULL
  AND target IS NOT NULL
  AND principal_account IS NOT NULL
  AND principal_account <> regexp_extract(target, '^arn:[a-z-]+:iam::([0-9]+):', 1)
  -- The event of a role of another account stands in both accounts' trails.
  AND coalesce(account, '') IN ('', regexp_extract(target, '^arn:[a-z-]+:iam::([0-9]+):', 1))
GROUP BY target, principal_account, coalesce(CASE WHEN principal LIKE 'arn:%' THEN principal END, json_extract_scalar(parameters, '$.sourceIdentity'))
