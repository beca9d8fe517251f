-- The roles of a database cluster, as one JSON array: attributes, memberships, ends of passwords. One SELECT that changes nothing.
-- Any database of the cluster and any user will do:
--   psql -XAtq -f roles.sql "host=… dbname=postgres sslmode=verify-full" > database/<cluster>/roles.json
-- hasPassword is null where the user may not read pg_authid, which nobody may on RDS. No password or hash is printed.
SELECT coalesce(
         json_agg(
           json_build_object(
             'name', r.rolname,
             'canLogin', r.rolcanlogin,
             'superuser', r.rolsuper,
             'createRole', r.rolcreaterole,
             'hasPassword', CASE
               WHEN has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT') THEN p.word IS NOT NULL
             END,
             'validUntil', CASE
               WHEN isfinite(r.rolvaliduntil) THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
             END,
             'memberOf', (
               SELECT coalesce(json_agg(DISTINCT g.rolname::text), '[]')
               FROM pg_catalog.pg_auth_members m
               JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
               WHERE m.member = r.oid
             )
           )
           ORDER BY r.rolname
         ),
         '[]'
       ) AS roles
FROM pg_catalog.pg_roles r
-- ts_stat runs the text that it is given, so that pg_authid is touched only by those who may read it; its words are the roles with a password.
LEFT JOIN ts_stat(
  CASE
    WHEN has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT')
      THEN 'SELECT array_to_tsvector(array_agg(rolname::text)) FROM pg_catalog.pg_authid WHERE rolpassword IS NOT NULL'
    ELSE 'SELECT NULL::tsvector'
  END
) p ON p.word = r.rolname::text;
