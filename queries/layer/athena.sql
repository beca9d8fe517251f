-- Tables of the stack's Glue database as the queries name them. `login` stands in front of a query that reads it; `api_call` is an Iceberg table.
cloudtrail AS (
  SELECT
    eventid, eventtime, eventsource, eventname, awsregion, recipientaccountid, sourceipaddress, useragent, errorcode, errormessage,
    useridentity, requestparameters, day
  FROM cloudtrail_log
),
login_record AS (
  SELECT
    id, object, position, cluster, instance, process, host, port, kind, ts_ms, user_name, database_name, identity, method, tls, protocol, cipher,
    application, reason, forged, claimed, day
  FROM login_record_log
),
log_hour AS (
  SELECT cluster, instance, hour, sum(records) AS records, sum(rejected) AS rejected, day
  FROM log_hour_log
  GROUP BY cluster, instance, hour, day
),
log_object AS (
  SELECT source, status, detail, first_time, last_time, records, rejected, array_join(array_sort(torn), chr(31)) AS torn, day
  FROM log_object_log
)
