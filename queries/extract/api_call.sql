-- id: api_call
-- finds: one row per CloudTrail event that a check reads, with its principal and target resolved
-- reads: cloudtrail
-- params: from_day, to_day
-- returns: event_id, ts_ms, day, region, account, event_source, event_name, principal, principal_type, principal_account, session, source_address, user_agent, error_code, error_message, target, parameters
WITH watched AS (
  SELECT
    eventid, eventtime, awsregion, recipientaccountid, eventsource, eventname, sourceipaddress, useragent, errorcode, errormessage, requestparameters,
    useridentity.type AS identity_type,
    useridentity.arn AS identity_arn,
    useridentity.accountid AS identity_account,
    useridentity.principalid AS identity_principal,
    useridentity.invokedby AS identity_invoker,
    useridentity.sessioncontext.sessionissuer.arn AS issuer_arn,
    -- The same event may stand in two trails and in two files.
    row_number() OVER (PARTITION BY eventid ORDER BY day, eventtime) AS copy
  FROM cloudtrail
  WHERE day BETWEEN ? AND ?
    AND eventtime IS NOT NULL
    AND eventsource IN ('sts.amazonaws.com', 'rds.amazonaws.com', 'rds-data.amazonaws.com', 'cloudtrail.amazonaws.com')
    AND NOT (eventsource = 'sts.amazonaws.com' AND eventname NOT IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'))
)
SELECT
  eventid AS event_id,
  CAST(round(to_unixtime(from_iso8601_timestamp(eventtime)) * 1000) AS bigint) AS ts_ms,
  -- Its own: an event of a minute before midnight comes in a file of the next day.
  replace(substr(eventtime, 1, 10), '-', '/') AS day,
  awsregion AS region,
  recipientaccountid AS account,
  eventsource AS event_source,
  eventname AS event_name,
  coalesce(
    issuer_arn,
    CASE WHEN identity_arn LIKE 'arn:%:sts::%:assumed-role/%'
      THEN concat(regexp_extract(identity_arn, '^(arn:[a-z-]+):sts::([0-9]+):assumed-role/([^/]+)', 1), ':iam::', regexp_extract(identity_arn, '^(arn:[a-z-]+):sts::([0-9]+):assumed-role/([^/]+)', 2), ':role/', regexp_extract(identity_arn, '^(arn:[a-z-]+):sts::([0-9]+):assumed-role/([^/]+)', 3))
    END,
    identity_arn, identity_account, identity_invoker, identity_principal
  ) AS principal,
  identity_type AS principal_type,
  identity_account AS principal_account,
  coalesce(regexp_extract(identity_arn, '^arn:[a-z-]+:sts::[0-9]+:assumed-role/[^/]+/(.+)', 1), regexp_extract(identity_principal, ':(.+)', 1)) AS session,
  sourceipaddress AS source_address,
  useragent AS user_agent,
  errorcode AS error_code,
  errormessage AS error_message,
  CASE
    WHEN eventsource = 'sts.amazonaws.com'
      THEN coalesce(json_extract_scalar(requestparameters, '$.roleArn'), regexp_extract(errormessage, 'on resource: (arn:[^ ]+)', 1))
    ELSE coalesce(
      json_extract_scalar(requestparameters, '$.dBClusterParameterGroupName'),
      json_extract_scalar(requestparameters, '$.dBParameterGroupName'),
      json_extract_scalar(requestparameters, '$.dBClusterIdentifier'),
      json_extract_scalar(requestparameters, '$.dBInstanceIdentifier')
    )
  END AS target,
  requestparameters AS parameters
FROM watched
WHERE copy = 1
