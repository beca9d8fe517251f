-- id: parameter-history
-- finds: changes to parameter groups, by whom and with which values
-- reads: api_call
-- params: from_day, to_day, from_ms, to_ms
-- returns: event_id, ts_ms, account, region, event_name, principal, session, source_address, user_agent, target, parameters
SELECT event_id, ts_ms, account, region, event_name, principal, session, source_address, user_agent, target, parameters
FROM api_call
WHERE day BETWEEN ? AND ?
  AND ts_ms >= ?
  AND ts_ms < ?
  AND event_source = 'rds.amazonaws.com'
  AND event_name IN ('ModifyDBClusterParameterGroup', 'ModifyDBParameterGroup', 'ResetDBClusterParameterGroup', 'ResetDBParameterGroup')
  AND error_code IS NULL
