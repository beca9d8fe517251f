import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { defaultOf, isOn } from '../../evidence/parameters.ts';
import { parameterNeeds } from '../needs.ts';

const day = 24 * 60 * 60 * 1000;
/** As long nobody may have connected without TLS. */
const quietDays = 30;

/** The next major version, which requires TLS, breaks nobody. */
export const tlsUpgradeSafe = {
  kind: 'posture',
  on: 'cluster',
  id: 'tls-upgrade-safe',
  title: 'Cluster can be upgraded to a version that requires TLS, without breaking a client',
  severity: 'info',
  rationale:
    'Aurora PostgreSQL 17 and RDS for PostgreSQL 15 require TLS by default. Clients that still connect without it are turned away on the day of the upgrade.',
  judged:
    'Applies where rds.force_ssl is at a default of 0 that the next major version turns to 1 (Aurora 16, RDS 14). It passes when the log holds no session without TLS in the last 30 days and has no gap in them, with log_connections on. The check plaintext-sessions names the clients.',
  fix: 'Have the clients that plaintext-sessions names use TLS (sslmode=verify-full), then set rds.force_ssl to 1 before the upgrade.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html',
  ],
  controls: ['NIST 800-53 SC-8'],
  falsePositives: ['Clients that prefer TLS and try without it only when it fails.'],
  needs: parameterNeeds,
  evaluate({ resource: { name }, kind, version, parameters, plaintextUse }, { at }) {
    const { configured } = parameters['rds.force_ssl'];
    if (!configured.known) return cannotTell(configured.cause);
    const { value, chosen } = configured.value;
    if (isOn(value)) return notApplicable(`${name} has rds.force_ssl on already.`);
    if (chosen) return notApplicable(`Somebody set rds.force_ssl of ${name} to ${value}: no default decides.`);
    if (version === null) return cannotTell(`The version of ${name} is not known.`);
    const next = { ...version, major: version.major + 1 };
    const then = defaultOf('rds.force_ssl', { kind, version: next });
    if (then === null)
      return cannotTell(`What version ${next.major} does by default is not documented for ${name}, a Multi-AZ DB cluster.`);
    if (!isOn(then)) return notApplicable(`Version ${next.major} leaves rds.force_ssl of ${name} off.`);

    if (!plaintextUse.known) return cannotTell(plaintextUse.cause);
    const { last, complete, unbrokenFrom, detail } = plaintextUse.value;
    const from = complete ? plaintextUse.value.from : unbrokenFrom;
    const since = at - quietDays * day;
    if (last !== null && Date.parse(last) >= since) {
      const reason = `${name} had a session without TLS as late as ${last.slice(0, 10)}; version ${next.major} requires TLS by default.`;
      return fail(reason, { lastPlaintextSession: last, nextVersion: next.major });
    }
    const isShort = from !== null && Date.parse(from) > since;
    if (from === null || (isShort && !complete)) return cannotTell(`The log of ${name} does not tell who connects without TLS: ${detail}.`);
    if (isShort) return cannotTell(`The log of ${name} reaches back to ${from.slice(0, 10)} only, less than ${quietDays} days.`);
    return pass(`Nobody connected to ${name} without TLS in the last ${quietDays} days; version ${next.major} requires it by default.`);
  },
  remediation() {
    return null;
  },
} satisfies PostureCheck;
