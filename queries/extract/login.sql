-- id: login
-- finds: one row per login attempt, whatever files its records came in
-- reads: login_record
-- params: from_day, to_day
-- returns: cluster, instance, process, host, port, first_ms, last_ms, day, user_name, database_name, outcome, method, identity, reason, tls, protocol, cipher, application, confirmed, ended_ms
WITH record AS (
  SELECT
    cluster, instance, process, host, port, kind, ts_ms, user_name, database_name, identity, method, tls, protocol, cipher, application, reason,
    ts_ms - ts_ms % 1000 AS second_ms,
    CASE kind WHEN 'received' THEN 0 WHEN 'authenticated' THEN 1 WHEN 'authorized' THEN 2 WHEN 'explained' THEN 2 WHEN 'disconnected' THEN 4 ELSE 3 END AS step
  FROM login_record
  WHERE day BETWEEN ? AND ?
    AND forged = 0
    AND kind IN ('received', 'authenticated', 'authorized', 'failed', 'explained', 'refused', 'rejected', 'disconnected')
),
-- What a process wrote in one second is of one attempt, in the order of its steps: only the first of it can begin an attempt. Few rows are to be sorted then.
-- Text, csv and CloudWatch may hold the same record: they meet here, or stand side by side, at most a second apart (the text log reads another clock).
moment AS (
  SELECT
    cluster, instance, process, host, port, second_ms,
    min(step) AS first_step,
    max(step) AS last_step,
    min(ts_ms) AS first_ms,
    max(ts_ms) AS last_ms,
    -- These say the names themselves; of the others they stand in the prefix, where a name that holds an @ cannot be told from two.
    max(CASE WHEN kind IN ('authorized', 'failed', 'refused') THEN user_name END) AS told_user,
    max(CASE WHEN kind IN ('authorized', 'failed', 'refused') THEN database_name END) AS told_database,
    max(user_name) AS user_name,
    max(database_name) AS database_name,
    max(CASE WHEN kind IN ('authorized', 'disconnected') THEN 1 ELSE 0 END) AS is_authorized,
    max(CASE WHEN kind = 'failed' THEN 1 ELSE 0 END) AS is_failed,
    max(CASE WHEN kind = 'refused' THEN 1 ELSE 0 END) AS is_refused,
    max(CASE WHEN kind = 'rejected' THEN 1 ELSE 0 END) AS is_rejected,
    max(CASE WHEN kind IN ('authenticated', 'failed') THEN method END) AS method,
    max(identity) AS identity,
    max(CASE WHEN kind IN ('failed', 'explained', 'refused', 'rejected') THEN reason END) AS reason,
    -- A missing report of TLS proves plaintext; a report proves nothing, so 'no' wins.
    min(tls) AS tls,
    max(protocol) AS protocol,
    max(cipher) AS cipher,
    max(application) AS application,
    max(CASE WHEN kind = 'disconnected' THEN ts_ms END) AS ended_ms
  FROM record
  GROUP BY cluster, instance, process, host, port, second_ms
),
ordered AS (
  SELECT
    moment.*,
    lag(last_step) OVER (PARTITION BY cluster, instance, process, host, port ORDER BY second_ms) AS step_before,
    lag(second_ms) OVER (PARTITION BY cluster, instance, process, host, port ORDER BY second_ms) AS second_before,
    max(CASE WHEN first_step = 0 THEN second_ms END) OVER (PARTITION BY cluster, instance, process, host, port ORDER BY second_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS receipt_before
  FROM moment
),
-- Process ids come back: a receipt begins a new attempt, and so does whatever comes after an end, or later than an attempt can last.
numbered AS (
  SELECT
    ordered.*,
    sum(
      CASE
        WHEN second_before IS NULL THEN 1
        WHEN first_step = 0 THEN CASE WHEN second_ms - receipt_before <= 1000 THEN 0 ELSE 1 END
        WHEN step_before >= 3 AND second_ms - second_before > 1000 THEN 1
        WHEN first_step < 4 AND second_ms - second_before > 120000 THEN 1
        ELSE 0
      END
    ) OVER (PARTITION BY cluster, instance, process, host, port ORDER BY second_ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS attempt
  FROM ordered
),
grouped AS (
  SELECT
    cluster, instance, process, host, port,
    min(first_ms) AS first_ms,
    max(last_ms) AS last_ms,
    coalesce(max(told_user), max(user_name)) AS user_name,
    coalesce(max(told_database), max(database_name)) AS database_name,
    max(is_authorized) AS is_authorized,
    max(is_failed) AS is_failed,
    max(is_refused) AS is_refused,
    max(is_rejected) AS is_rejected,
    max(method) AS method,
    max(identity) AS identity,
    max(reason) AS reason,
    min(tls) AS tls,
    max(protocol) AS protocol,
    max(cipher) AS cipher,
    max(application) AS application,
    CAST(max(CASE WHEN first_step = 0 THEN 1 ELSE 0 END) AS bigint) AS confirmed,
    max(ended_ms) AS ended_ms
  FROM numbered
  GROUP BY cluster, instance, process, host, port, attempt
)
SELECT
  cluster, instance, process, host, port, first_ms, last_ms,
  replace(substr(to_iso8601(from_unixtime(first_ms / 1000)), 1, 10), '-', '/') AS day,
  user_name, database_name,
  CASE
    WHEN is_failed = 1 THEN 'failed'
    WHEN is_refused = 1 THEN 'refused'
    WHEN is_rejected = 1 THEN 'rejected'
    WHEN is_authorized = 1 THEN 'session'
    ELSE 'open'
  END AS outcome,
  method, identity, reason, tls, protocol, cipher, application, confirmed, ended_ms
FROM grouped
