import { shellCommand } from '../../domain/shell.ts';
import type { Remediation } from '../../domain/verdict.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import type { ClusterSubject } from '../../evidence/clusters.ts';
import type { EngineVersion } from '../../evidence/engine-version.ts';
import { modify, remedy } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

const day = 24 * 60 * 60 * 1000;
/** As long standard support must still last. */
const leastDays = 90;

/** The version gets fixes, for months to come. */
export const engineSupported = {
  kind: 'posture',
  on: 'cluster',
  id: 'engine-supported',
  title: 'Cluster runs a version in standard support, for 90 more days at least',
  severity: 'medium',
  rationale:
    'A version that is no longer supported gets no fixes for flaws that everyone can read about, and at some point AWS upgrades it on a day of its own choice.',
  judged:
    'Reads whether the exact version is still offered (describe-db-engine-versions) and when standard support of its major version ends (describe-db-major-engine-versions). Being in extended support fails; being enrolled in it is only mentioned.',
  fix: 'Upgrade to a version whose standard support goes on, after a rehearsal on a clone.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html',
  ],
  controls: ['PCI DSS 4.0 6.3.3', 'NIST 800-53 SA-22', 'NIST 800-53 SI-2'],
  falsePositives: ['An upgrade that is planned before the end.'],
  needs: [...clusterNeeds, 'rds:DescribeDBEngineVersions', 'rds:DescribeDBMajorEngineVersions'],
  evaluate({ resource: { name }, version, support }, { at }) {
    const { offered, standardEnd, enrolledInExtended } = support;
    const what = `${name} runs version ${version?.text ?? 'of unknown number'}`;
    const evidence = {
      version: version?.text ?? null,
      offered: offered.known ? offered.value : null,
      standardSupportEnds: standardEnd.known ? standardEnd.value : null,
      enrolledInExtendedSupport: enrolledInExtended,
    };
    const enrolled = enrolledInExtended === true ? ' It is enrolled in extended support, which costs from then on.' : '';
    if (standardEnd.known) {
      const left = Date.parse(standardEnd.value) - at;
      const end = standardEnd.value.slice(0, 10);
      if (left <= 0) {
        const now = enrolledInExtended === false ? 'AWS upgrades it by itself' : 'it is in extended support, which costs';
        return fail(`${what}, whose standard support ended on ${end}: ${now}.`, evidence);
      }
      if (left <= leastDays * day)
        return fail(`${what}, whose standard support ends on ${end}, in ${Math.floor(left / day)} days.${enrolled}`, evidence);
    }
    if (offered.known && !offered.value) return fail(`${what}, which AWS does not offer any more.`, evidence);
    if (!standardEnd.known) return cannotTell(standardEnd.cause);
    if (!offered.known) return cannotTell(offered.cause);
    return pass(`${what}, in standard support until ${standardEnd.value.slice(0, 10)}.${enrolled}`);
  },
  remediation(subject, { at }) {
    const target = nextVersion(subject, at);
    if (target === null) return listVersions(subject);
    const major = target.major === subject.version?.major ? [] : ['--allow-major-version-upgrade'];
    return modify(subject, ['--engine-version', target.text, ...major], 'after an upgrade of some minutes');
  },
} satisfies PostureCheck;

/** The nearest major version whose standard support goes on, in its newest minor version. */
function nextVersion({ support }: ClusterSubject, at: number): EngineVersion | null {
  const lasting = support.targets.filter(({ standardEnd }) => standardEnd !== null && Date.parse(standardEnd) - at > leastDays * day);
  const inOrder = lasting.map(({ version }) => version).sort((a, b) => a.major - b.major || (b.minor ?? 0) - (a.minor ?? 0));
  return inOrder[0] ?? null;
}

function listVersions(subject: ClusterSubject): Remediation {
  const { resource, engine, version } = subject;
  const which = version === null ? [] : ['--engine-version', version.text];
  const targets = ['--include-all', '--query', 'DBEngineVersions[].ValidUpgradeTarget[].EngineVersion'];
  const command = shellCommand(
    'aws',
    'rds',
    'describe-db-engine-versions',
    '--region',
    resource.region,
    '--engine',
    engine,
    ...which,
    ...targets,
  );
  const thing = subject.kind === 'instance' ? 'instance' : 'cluster';
  return remedy(
    command,
    'after an upgrade of some minutes',
    subject,
    `This lists the versions to choose from, for aws rds modify-db-${thing} --engine-version.`,
  );
}
