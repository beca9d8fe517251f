-- id: log-objects
-- finds: how the objects of the stream of logs could be read, and of whose logs there is more in them than could be
-- reads: log_object
-- params: from_day, to_day
-- returns: status, torn, objects, records, rejected, first_time, last_time, last_source, last_detail
WITH object AS (
  SELECT
    status, torn, source, detail, first_time, last_time, records, rejected,
    row_number() OVER (PARTITION BY status, torn ORDER BY source DESC) AS place
  FROM log_object
  WHERE day BETWEEN ? AND ?
)
SELECT
  status, torn,
  count(*) AS objects,
  sum(records) AS records,
  sum(rejected) AS rejected,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  max(source) AS last_source,
  max(CASE WHEN place = 1 THEN detail END) AS last_detail
FROM object
GROUP BY status, torn
