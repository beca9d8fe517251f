-- id: later-logins
-- finds: what the logs hold of logins in the time behind a scan's window, which no check judges
-- reads: login, login_record
-- params: from_day, to_day, from_ms, to_ms, from_day, to_day, from_ms, to_ms
-- returns: logins, records, first_ms, last_ms
WITH later AS (
  SELECT 1 AS logins, 0 AS records, first_ms AS ms
  FROM login
  WHERE day BETWEEN ? AND ?
    AND first_ms >= ?
    AND first_ms < ?
    AND outcome <> 'open'
  UNION ALL
  SELECT 0 AS logins, 1 AS records, ts_ms AS ms
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND ts_ms >= ?
    AND ts_ms < ?
)
SELECT coalesce(sum(logins), 0) AS logins, coalesce(sum(records), 0) AS records, min(ms) AS first_ms, max(ms) AS last_ms
FROM later
