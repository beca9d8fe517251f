#!/usr/bin/env bash
# Collects an evidence folder with the AWS CLI alone, by calls that read:
#   bash collect.sh DIR REGION…
# A call that is refused leaves <command>.error.json, and the next one is made. What only some checks need is asked for by the environment:
#   HISTORY_DAYS=30        CloudTrail's own memory, which says who did what
#   PRINCIPALS="arn:… arn:…"   when these roles and users last used which service
set -u
[ $# -ge 2 ] || { echo "usage: bash collect.sh DIR REGION..." >&2; exit 2; }
dir=$1; shift
errors=$(mktemp); trap 'rm -f "$errors"' EXIT
answered=0 refused=0

# A name as encodeURIComponent writes it.
encode() {
  local LC_ALL=C text=$1 out='' i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in [A-Za-z0-9._~\!\*\'\(\)-]) out+=$c ;; *) out+=$(printf '%%%02X' "'$c") ;; esac
  done
  printf '%s' "$out"
}

# Text inside a JSON string.
quoted() { tr -d '\000-\037' | sed 's/[\\"]/\\&/g'; }

# ask FOLDER KEY SERVICE COMMAND [OPTION…]: FOLDER is a region or "global", KEY is empty where the command takes no name.
ask() {
  local folder=$1 key=$2 service=$3 command=$4 region=$1; shift 4
  local file=$dir/inventory/$folder/$service/$command
  [ "$folder" != global ] || region=$first
  [ -z "$key" ] || file=$file/$(encode "$key")
  mkdir -p "${file%/*}"
  rm -f "$file.json" "$file.error.json"
  if aws "$service" "$command" --region "$region" --output json "$@" >"$file.json" 2>"$errors"; then
    # The CLI prints nothing for an answer that says nothing.
    [ -s "$file.json" ] || echo '{}' >"$file.json"
    answered=$((answered + 1))
  else
    rm -f "$file.json"
    name=$(sed -n 's/.*An error occurred (\([A-Za-z.]*\)).*/\1/p' "$errors" | head -1)
    printf '{"name": "%s", "message": "%s"}\n' "${name:-CallFailed}" "$(quoted <"$errors")" >"$file.error.json"
    refused=$((refused + 1))
  fi
}

# values NAME FOLDER SERVICE COMMAND: what the answer says under a name, each once. The CLI prints one name a line.
values() {
  local file=$dir/inventory/$2/$3/$4.json
  [ ! -f "$file" ] || sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$file" | sort -u
}

# elements NAME FOLDER SERVICE COMMAND: the texts of a list under a name.
elements() {
  local file=$dir/inventory/$2/$3/$4.json
  [ ! -f "$file" ] || sed -n "/\"$1\": \[/,/\]/s/^ *\"\([^\"]*\)\",\{0,1\}\$/\1/p" "$file" | sort -u
}

# each OPTION COMMAND: asks RDS the command for every name on standard input.
each() { while IFS= read -r name; do ask "$region" "$name" rds "$2" "$1" "$name" </dev/null; done; }

first=$1
mkdir -p "$dir"
account=$(aws sts get-caller-identity --region "$first" --query Account --output text) || exit 2
printf '{"account": "%s", "at": "%s"}\n' "$account" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$dir/evidence.json"

for region in "$@"; do
  for command in describe-db-clusters describe-db-instances describe-db-cluster-parameter-groups describe-db-parameter-groups \
    describe-db-cluster-snapshots describe-db-snapshots describe-db-subnet-groups describe-db-proxies describe-certificates \
    describe-global-clusters describe-db-shard-groups; do
    ask "$region" '' rds "$command"
  done
  for engine in aurora-postgresql postgres; do
    ask "$region" "$engine" rds describe-db-engine-versions --engine "$engine"
    ask "$region" "$engine" rds describe-db-major-engine-versions --engine "$engine"
  done
  values DBClusterParameterGroup "$region" rds describe-db-clusters | each --db-cluster-parameter-group-name describe-db-cluster-parameters
  values DBParameterGroupName "$region" rds describe-db-instances | each --db-parameter-group-name describe-db-parameters
  values DBClusterSnapshotIdentifier "$region" rds describe-db-cluster-snapshots | each --db-cluster-snapshot-identifier describe-db-cluster-snapshot-attributes
  values DBSnapshotIdentifier "$region" rds describe-db-snapshots | each --db-snapshot-identifier describe-db-snapshot-attributes
  values DBProxyName "$region" rds describe-db-proxies | each --db-proxy-name describe-db-proxy-targets

  for command in describe-security-groups describe-route-tables describe-managed-prefix-lists; do ask "$region" '' ec2 "$command"; done
  for list in $(values PrefixListId "$region" ec2 describe-security-groups); do
    ask "$region" "$list" ec2 get-managed-prefix-list-entries --prefix-list-id "$list"
  done
  for secret in $({ values SecretArn "$region" rds describe-db-clusters; values SecretArn "$region" rds describe-db-instances; values SecretArn "$region" rds describe-db-proxies; } | sort -u); do
    ask "$region" "$secret" secretsmanager describe-secret --secret-id "$secret"
  done
  for cluster in $(values DBClusterIdentifier "$region" rds describe-db-clusters); do
    ask "$region" "/aws/rds/cluster/$cluster/postgresql" logs describe-subscription-filters --log-group-name "/aws/rds/cluster/$cluster/postgresql"
  done
  for instance in $(values DBInstanceIdentifier "$region" rds describe-db-instances); do
    ask "$region" "/aws/rds/instance/$instance/postgresql" logs describe-subscription-filters --log-group-name "/aws/rds/instance/$instance/postgresql"
  done

  ask "$region" '' cloudtrail describe-trails
  for trail in $(values TrailARN "$region" cloudtrail describe-trails); do
    ask "$region" "$trail" cloudtrail get-trail-status --name "$trail"
    ask "$region" "$trail" cloudtrail get-event-selectors --trail-name "$trail"
  done
  ask "$region" '' guardduty list-detectors
  for detector in $(elements DetectorIds "$region" guardduty list-detectors); do
    ask "$region" "$detector" guardduty get-detector --detector-id "$detector"
  done
  ask "$region" '' securityhub describe-hub

  if [ -n "${HISTORY_DAYS:-}" ]; then
    mkdir -p "$dir/cloudtrail"
    for source in rds.amazonaws.com iam.amazonaws.com; do
      # One record a line. IAM's events are in us-east-1 alone.
      aws cloudtrail lookup-events --region "$region" --lookup-attributes "AttributeKey=EventSource,AttributeValue=$source" \
        --start-time "$(($(date +%s) - HISTORY_DAYS * 86400))" --query 'Events[].CloudTrailEvent' --output text |
        tr '\t' '\n' | grep '^{' >"$dir/cloudtrail/$region-$source.json"
    done
  fi
done

ask global '' iam get-account-authorization-details
ask global '' iam get-account-summary
for attempt in 1 2 3 4 5 6; do
  state=$(aws iam generate-credential-report --region "$first" --query State --output text 2>/dev/null)
  [ "$state" != COMPLETE ] || break
  sleep 5
done
ask global '' iam get-credential-report
for principal in ${PRINCIPALS:-}; do
  job=$(aws iam generate-service-last-accessed-details --region "$first" --arn "$principal" --query JobId --output text) || continue
  sleep 5
  ask global "$principal" iam get-service-last-accessed-details --job-id "$job"
done
echo "$answered answers, $refused refused: $dir" >&2
