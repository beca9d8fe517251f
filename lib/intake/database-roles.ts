import { z } from 'zod/mini';

/** One role as `docs/roles.sql` prints it; the shape of DatabaseRole in lib/evidence. */
const role = z.object({
  name: z.string().check(z.minLength(1)),
  canLogin: z.boolean(),
  superuser: z.boolean(),
  createRole: z.boolean(),
  hasPassword: z.nullable(z.boolean()),
  validUntil: z.nullable(z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text))))),
  memberOf: z.array(z.string()),
});

/** The roles that could be read, and how many could not. */
export interface ReadDatabaseRoles {
  readonly roles: readonly z.infer<typeof role>[];
  readonly rejected: number;
}

/**
 * Reads what `docs/roles.sql` printed: a JSON array, also with psql's heading and row count around it, or as the column `roles` of a row.
 * A role met twice counts once. Null: it is nothing of the kind.
 */
export function readDatabaseRoles(text: string): ReadDatabaseRoles | null {
  const elements = listOf(parse(text));
  if (elements === null) return null;
  const roles = new Map<string, z.infer<typeof role>>();
  let rejected = 0;
  for (const element of elements) {
    const result = role.safeParse(element);
    if (result.success) roles.set(result.data.name, result.data);
    else rejected++;
  }
  return roles.size === 0 ? null : { roles: [...roles.values()], rejected };
}

function parse(text: string): unknown {
  const whole = parseJson(text.replace(/^\uFEFF/, ''));
  return whole === undefined ? parseJson(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)) : whole;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly unknown[] | null {
  const row = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof row === 'object' && row !== null && 'roles' in row) {
    const column = typeof row.roles === 'string' ? parseJson(row.roles) : row.roles;
    return Array.isArray(column) ? column : null;
  }
  return Array.isArray(value) ? value : null;
}
