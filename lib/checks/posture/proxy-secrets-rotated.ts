import type { Cause } from '../../domain/answer.ts';
import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ProxySubject } from '../../evidence/proxies.ts';
import { proxyNeeds } from '../needs.ts';
import { behind, frontedBy } from '../proxies.ts';
import { notRotated, rotationProblem, scheduledForDeletion } from '../rotation.ts';
import { counted, listed } from '../sentences.ts';

/** Passwords that a proxy holds change. */
export const proxySecretsRotated = {
  kind: 'posture',
  on: 'proxy',
  id: 'proxy-secrets-rotated',
  title: "Proxy's secrets are rotated on schedule",
  severity: 'low',
  rationale:
    'The secrets of a proxy are passwords of database users. One that never changes works for everybody who ever read it, long after they should not.',
  judged:
    'Reads the rotation of each secret that the proxy uses: on, and not a day past its date. Not applicable to a proxy without secrets.',
  fix: 'Turn rotation on for the secret; one that RDS does not manage needs a rotation function.',
  references: ['https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html'],
  controls: ['AWS FSBP SecretsManager.1', 'AWS FSBP SecretsManager.2', 'PCI DSS 4.0 8.6.3', 'NIST 800-53 IA-5'],
  falsePositives: ['A secret that another tool writes anew.'],
  needs: [...proxyNeeds, 'secretsmanager:DescribeSecret'],
  evaluate(subject, { at }) {
    const proxy = `Proxy ${subject.resource.name}${frontedBy(subject)}`;
    if (!subject.auth.known) {
      return subject.defaultAuthScheme?.toUpperCase() === 'IAM_AUTH'
        ? notApplicable(`${proxy} uses no secret.`)
        : cannotTell(subject.auth.cause);
    }
    const { secrets, stale, unseen } = rotations(subject, at);
    if (secrets === 0) return notApplicable(`${proxy} uses no secret.`);
    if (stale.length > 0) {
      const words = stale.map(({ secret, problem }) => `${secret} ${problem}`);
      return fail(`${proxy} uses secrets that are not rotated on schedule: ${listed(words)}.`, { secrets: stale, ...behind(subject) });
    }
    return unseen === null ? pass(`${proxy} uses ${counted(secrets, 'secret')}, rotated on schedule.`) : cannotTell(unseen);
  },
  remediation(subject, { at }) {
    const { stale } = rotations(subject, at);
    if (stale.length === 0) return null;
    const { region } = subject.resource;
    const commands = stale.map(({ secret, problem, everyDays }) => {
      const on = ['--region', region, '--secret-id', secret];
      if (problem === scheduledForDeletion) return shellCommand('aws', 'secretsmanager', 'restore-secret', ...on);
      // A schedule that is no number of days stays what it is.
      const isScheduled = everyDays === null && problem !== notRotated;
      const rules = isScheduled ? [] : ['--rotation-rules', `AutomaticallyAfterDays=${everyDays ?? 30}`];
      return shellCommand('aws', 'secretsmanager', 'rotate-secret', ...on, ...rules);
    });
    const note =
      'A secret that was never rotated needs --rotation-lambda-arn too, with a function that changes the password in the database.';
    return { command: commands.join('\n'), effect: 'at once', note };
  },
} satisfies PostureCheck;

interface Rotations {
  readonly secrets: number;
  readonly stale: readonly { readonly secret: string; readonly problem: string; readonly everyDays: number | null }[];
  readonly unseen: Cause | string | null;
}

function rotations({ auth }: ProxySubject, at: number): Rotations {
  const bySecret = new Map(
    (auth.known ? auth.value : []).flatMap(({ secret, rotation }) => (secret === null || rotation === null ? [] : [[secret, rotation]])),
  );
  const stale: { secret: string; problem: string; everyDays: number | null }[] = [];
  let unseen: Cause | string | null = null;
  for (const [secret, rotation] of [...bySecret].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const problem = rotation.known ? rotationProblem(rotation.value, at) : null;
    if (!rotation.known) unseen ??= rotation.cause;
    else if (problem === 'unknown') unseen ??= `Nothing tells when ${secret} is due for rotation.`;
    else if (problem !== null) stale.push({ secret, problem, everyDays: rotation.value.everyDays });
  }
  return { secrets: bySecret.size, stale, unseen };
}
