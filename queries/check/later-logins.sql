-- id: later-logins
-- finds: what the logs hold of logins in the time behind a scan's window, which no check judges
-- reads: login, login_record
-- params: from_day, to_day, from_ms, to_ms, from_day, to_day, from_ms, to_ms
-- returns: logins, others, first_ms, last_ms
WITH later AS (
  SELECT 1 AS logins, 0 AS others, first_ms AS ms
  FROM login
  WHERE day BETWEEN ? AND ?
    AND first_ms >= ?
    AND first_ms < ?
    AND outcome <> 'open'
  UNION ALL
  SELECT 0 AS logins, 1 AS others, ts_ms AS ms
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
    AND (forged = 1 OR kind IN ('password-set', 'protected-role'))
)
SELECT coalesce(sum(logins), 0) AS logins, coalesce(sum(others), 0) AS others, min(ms) AS first_ms, max(ms) AS last_ms
FROM later
