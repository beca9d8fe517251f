import type { Answer, Cause } from '../domain/answer.ts';
import { mapAnswer } from '../domain/answer.ts';
import type { DbProxies, DbProxyTargets } from '../domain/cluster-answers.ts';
import type { Resource } from '../domain/resource.ts';
import { regionResource } from '../domain/resource.ts';
import type { Evidence, Listing } from './evidence.ts';
import type { Inventory } from './inventory.ts';
import type { Rotation } from './secrets.ts';
import { rotationOf } from './secrets.ts';
import { told, whole } from './told.ts';

/** An RDS Proxy for PostgreSQL. */
export interface ProxySubject {
  readonly resource: Resource;
  readonly requiresTls: Answer<boolean>;
  /** `IAM_AUTH` or `NONE`; null where it is not said. */
  readonly defaultAuthScheme: string | null;
  readonly auth: Answer<readonly ProxyAuthentication[]>;
  /** Names of the clusters and instances behind it. */
  readonly targets: Answer<readonly string[]>;
}

/** How clients authenticate for one secret of a proxy. */
export interface ProxyAuthentication {
  readonly secret: string | null;
  /** `DISABLED`, `REQUIRED` or `ENABLED`; null where it is not said. */
  readonly iam: string | null;
  readonly rotation: Answer<Rotation> | null;
}

/** All proxies of the family POSTGRESQL, in the order of their ARNs, and the regions that could not be looked at. */
export function listProxies(evidence: Evidence): Listing<ProxySubject> {
  const { inventory, partition, account } = evidence;
  const subjects = new Map<string, ProxySubject>();
  const unlisted: { resource: Resource; cause: Cause }[] = [];
  for (const region of inventory.regions) {
    const question = { region, service: 'rds', command: 'describe-db-proxies', key: null };
    const answer = inventory.answer<DbProxies>(region, 'rds', 'describe-db-proxies');
    const all = whole(answer, question);
    if (!all.known) unlisted.push({ resource: regionResource(account, region, partition), cause: all.cause });
    if (!answer.known) continue;
    for (const proxy of answer.value.DBProxies) {
      if ((proxy.EngineFamily ?? 'POSTGRESQL').toUpperCase() !== 'POSTGRESQL') continue;
      const name = proxy.DBProxyName;
      const place = { question, thing: name };
      const arn = proxy.DBProxyArn ?? `arn:${partition}:rds:${region}:${account}:db-proxy:${name}`;
      subjects.set(arn, {
        resource: { arn, type: 'proxy', name, region },
        requiresTls: told(proxy.RequireTLS, 'RequireTLS', place),
        defaultAuthScheme: proxy.DefaultAuthScheme ?? null,
        auth: mapAnswer(told(proxy.Auth, 'Auth', place), (entries) =>
          entries.map(({ SecretArn, IAMAuth }) => ({
            secret: SecretArn ?? null,
            iam: IAMAuth ?? null,
            rotation: SecretArn === undefined ? null : rotationOf(SecretArn, inventory, region),
          })),
        ),
        targets: behindProxy(inventory, region, name),
      });
    }
  }
  const inOrder = [...subjects.values()].sort((a, b) => (a.resource.arn < b.resource.arn ? -1 : 1));
  return { subjects: inOrder, unlisted };
}

/** Names of the clusters and instances behind a proxy. */
export function behindProxy(inventory: Inventory, region: string, proxy: string): Answer<readonly string[]> {
  return mapAnswer(inventory.answer<DbProxyTargets>(region, 'rds', 'describe-db-proxy-targets', proxy), ({ Targets }) => [
    ...new Set(Targets.flatMap(({ TrackedClusterId, RdsResourceId }) => TrackedClusterId ?? RdsResourceId ?? [])),
  ]);
}
