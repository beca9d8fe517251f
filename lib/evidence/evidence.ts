import type { Answer, Cause } from '../domain/answer.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { Resource } from '../domain/resource.ts';
import type { ActivityFacts } from './activity-facts.ts';
import type { Inventory } from './inventory.ts';

/** Everything that posture and access checks may look at, before it becomes the few typed things that they read. */
export interface Evidence {
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly inventory: Inventory;
  readonly activity: ActivityFacts;
  /** By cluster name: what `docs/roles.sql` printed. */
  readonly databaseRoles: ReadonlyMap<string, Answer<readonly DatabaseRole[]>>;
  /** False: the monitor was deployed so that it delivers no logs. Absent: nobody says. */
  readonly deliversLogs?: boolean;
}

/** One role of the database, as `docs/roles.sql` prints it. */
export interface DatabaseRole {
  readonly name: string;
  readonly canLogin: boolean;
  readonly superuser: boolean;
  readonly createRole: boolean;
  readonly hasPassword: boolean | null;
  /** ISO 8601, or null: the password never ends. */
  readonly validUntil: string | null;
  /** Names of the roles that it is a direct member of. */
  readonly memberOf: readonly string[];
}

/** What every check gets beside its subject. */
export interface JudgeContext {
  readonly configuration: Configuration;
  /** The evidence's moment, milliseconds since 1970; checks know no clock. */
  readonly at: number;
}

/** The resources of one kind, and the places where they could not be listed. */
export interface Listing<Subject> {
  readonly subjects: readonly Subject[];
  /** One for each place (mostly a region) that could not be looked at: every check of this kind is unknown there. */
  readonly unlisted: readonly { readonly resource: Resource; readonly cause: Cause }[];
}
