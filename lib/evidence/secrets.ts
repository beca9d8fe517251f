import type { Answer } from '../domain/answer.ts';
import { mapAnswer } from '../domain/answer.ts';
import type { Secret } from '../domain/cluster-answers.ts';
import type { Inventory } from './inventory.ts';

/** Whether a secret is rotated, and when it was and will be; times are ISO 8601. */
export interface Rotation {
  readonly enabled: boolean | null;
  readonly everyDays: number | null;
  readonly last: string | null;
  readonly next: string | null;
  readonly created: string | null;
  readonly deleted: string | null;
}

/** What Secrets Manager says of the rotation of one secret. */
export function rotationOf(arn: string, inventory: Inventory, region: string): Answer<Rotation> {
  return mapAnswer(inventory.answer<Secret>(region, 'secretsmanager', 'describe-secret', arn), (secret) => ({
    enabled: secret.RotationEnabled ?? null,
    everyDays: secret.RotationRules?.AutomaticallyAfterDays ?? null,
    last: secret.LastRotatedDate ?? null,
    next: secret.NextRotationDate ?? null,
    created: secret.CreatedDate ?? null,
    deleted: secret.DeletedDate ?? null,
  }));
}
