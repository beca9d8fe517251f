import type { Inventory } from './inventory.ts';

/** Lists whose members belong to the account that was asked; what others own or share is not among them. */
const listed: readonly (readonly [service: string, command: string, list: string, arn: string])[] = [
  ['rds', 'describe-db-clusters', 'DBClusters', 'DBClusterArn'],
  ['rds', 'describe-db-instances', 'DBInstances', 'DBInstanceArn'],
  ['rds', 'describe-db-cluster-parameter-groups', 'DBClusterParameterGroups', 'DBClusterParameterGroupArn'],
  ['rds', 'describe-db-parameter-groups', 'DBParameterGroups', 'DBParameterGroupArn'],
  ['rds', 'describe-db-subnet-groups', 'DBSubnetGroups', 'DBSubnetGroupArn'],
  ['rds', 'describe-db-proxies', 'DBProxies', 'DBProxyArn'],
  ['iam', 'get-account-authorization-details', 'UserDetailList', 'Arn'],
  ['iam', 'get-account-authorization-details', 'RoleDetailList', 'Arn'],
  ['iam', 'get-account-authorization-details', 'GroupDetailList', 'Arn'],
];

/** Accounts and partitions that the listed resources belong to; both sorted. */
export function originsOf(inventory: Inventory): { readonly accounts: readonly string[]; readonly partitions: readonly string[] } {
  const accounts = new Set<string>();
  const partitions = new Set<string>();
  for (const { question, answer } of inventory.entries()) {
    if (!answer.known) continue;
    for (const [service, command, list, key] of listed) {
      if (question.service !== service || question.command !== command) continue;
      for (const item of itemsOf(answer.value, list)) {
        const [, partition, , , account] = String(item[key] ?? '').split(':');
        if (partition && account && /^\d{12}$/.test(account)) {
          accounts.add(account);
          partitions.add(partition);
        }
      }
    }
  }
  return { accounts: [...accounts].sort(), partitions: [...partitions].sort() };
}

/** The newest time of generation that an answer carries, milliseconds since 1970; null where none does. Never an expiry, never a file's date. */
export function newestGeneration(inventory: Inventory): number | null {
  let newest: number | null = null;
  for (const { question, answer } of inventory.entries()) {
    if (!answer.known) continue;
    const key = {
      'get-credential-report': 'GeneratedTime',
      'get-service-last-accessed-details': 'JobCompletionDate',
      'get-trail-status': 'LatestDeliveryTime',
    }[question.command];
    const value = key && isObject(answer.value) ? answer.value[key] : undefined;
    const time = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(time) && (newest === null || time > newest)) newest = time;
  }
  return newest;
}

function itemsOf(value: unknown, list: string): readonly Readonly<Record<string, unknown>>[] {
  const items = isObject(value) ? value[list] : undefined;
  return Array.isArray(items) ? items.filter(isObject) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
