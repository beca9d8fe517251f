import type { Answer, Cause } from '../domain/answer.ts';
import type { ClusterSubject, MemberDetails } from '../evidence/clusters.ts';

/** What the members of a cluster say of one thing. */
export interface MembersSay<T> {
  readonly said: readonly { readonly member: string; readonly value: T }[];
  /** Why not every member could be asked, or that there is none; null: all of them answered. */
  readonly unseen: Cause | string | null;
}

/** Asks every member; a cluster without members has nobody to ask, which is no pass. */
export function askMembers<T>({ members, ...subject }: ClusterSubject, ask: (details: MemberDetails) => Answer<T>): MembersSay<T> {
  if (!members.known) return { said: [], unseen: members.cause };
  if (members.value.length === 0) return { said: [], unseen: noMembers(subject) };
  const said: { member: string; value: T }[] = [];
  let unseen: Cause | null = null;
  for (const { name, details } of members.value) {
    const answer = details.known ? ask(details.value) : details;
    if (answer.known) said.push({ member: name, value: answer.value });
    else unseen ??= answer.cause;
  }
  return { said, unseen };
}

function noMembers({ resource: { name }, limitless, serverlessV1, status }: Omit<ClusterSubject, 'members'>): string {
  if (limitless) return `${name} is a Limitless database, which has no members: AWS does not tell this of its shards.`;
  if (serverlessV1) return `${name} is Serverless v1, of which AWS shows no members.`;
  return `${name} has no members (${status ?? 'no status'}).`;
}
