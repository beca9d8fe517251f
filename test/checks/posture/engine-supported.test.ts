import { engineSupported } from '../../../lib/checks/posture/engine-supported.ts';
import { denied, majorVersion } from '../../evidence/answers.ts';
import { clusters, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

type Json = Readonly<Record<string, unknown>>;
const versions = 'rds describe-db-engine-versions aurora-postgresql';
const majors = 'rds describe-db-major-engine-versions aurora-postgresql';
const ends = (...all: readonly (readonly [version: string, end: string])[]) => ({
  [majors]: { DBMajorEngineVersions: all.map(([version, end]) => majorVersion('aurora-postgresql', version, end)) },
});
const offered = (...DBEngineVersions: readonly Json[]) => ({ [versions]: { DBEngineVersions } });
const enrolled = { EngineLifecycleSupport: 'open-source-rds-extended-support' };

testPosture(engineSupported, {
  passes: [
    { name: 'offered, in standard support for years', says: 'orders runs version 16.4, in standard support until 2029-02-28.' },
    {
      name: 'enrolled in extended support: only mentioned',
      answers: clusters(enrolled),
      says: 'orders runs version 16.4, in standard support until 2029-02-28. It is enrolled in extended support, which costs from then on.',
    },
    /** 90 days after the moment of the evidence is 2026-08-01T12:00:00Z; the end is that day at 23:59:59. */
    { name: 'standard support ends just after the 90 days', answers: ends(['16', '2026-08-01']) },
    {
      name: 'Limitless is a version of its own',
      answers: { ...limitless(), ...offered({ EngineVersion: '16.6-limitless', Status: 'available' }) },
    },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster asks for engine postgres', answers: { ...multiAz({}), [versions]: undefined, [majors]: undefined } },
  ],
  fails: [
    {
      name: 'standard support ends within 90 days',
      answers: ends(['16', '2026-07-31']),
      says: 'orders runs version 16.4, whose standard support ends on 2026-07-31, in 89 days.',
      evidence: { version: '16.4', offered: true, enrolledInExtendedSupport: false },
    },
    {
      name: 'in extended support',
      answers: { ...clusters(enrolled), ...ends(['16', '2026-02-28']) },
      says: 'orders runs version 16.4, whose standard support ended on 2026-02-28: it is in extended support, which costs.',
    },
    { name: 'past the end, not enrolled', answers: ends(['16', '2026-02-28']), says: /AWS upgrades it by itself\.$/ },
    {
      name: 'not offered any more',
      answers: offered({ EngineVersion: '16.6', Status: 'available' }),
      says: 'orders runs version 16.4, which AWS does not offer any more.',
      command:
        "aws rds describe-db-engine-versions --region eu-central-1 --engine aurora-postgresql --engine-version 16.4 --include-all --query 'DBEngineVersions[].ValidUpgradeTarget[].EngineVersion'",
      note: /lists the versions to choose from/,
    },
    { name: 'still listed, as deprecated', answers: offered({ EngineVersion: '16.4', Status: 'deprecated' }) },
    {
      name: 'a version that only begins like one that is offered',
      answers: { ...clusters({ EngineVersion: '16.1' }), ...offered({ EngineVersion: '16.11', Status: 'available' }) },
    },
    {
      name: 'the nearest major version that lasts, in its newest minor version',
      answers: {
        ...clusters({ EngineVersion: '13.9' }),
        ...offered({
          EngineVersion: '13.9',
          Status: 'available',
          ValidUpgradeTarget: ['13.20', '14.9', '15.4', '15.12', '16.4'].map((EngineVersion) => ({ EngineVersion })),
        }),
        ...ends(['13', '2026-02-28'], ['14', '2026-06-01'], ['15', '2028-02-28'], ['16', '2029-02-28']),
      },
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --engine-version 15.12 --allow-major-version-upgrade --apply-immediately',
    },
    {
      name: 'a deprecated minor version: the newest of the same major version',
      answers: offered({
        EngineVersion: '16.4',
        Status: 'deprecated',
        ValidUpgradeTarget: [{ EngineVersion: '16.8' }, { EngineVersion: '16.11' }, { EngineVersion: '17.4' }],
      }),
      command: 'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --engine-version 16.11 --apply-immediately',
    },
    { name: 'support has ended, and whether it is offered is denied', answers: { ...ends(['16', '2026-02-28']), [versions]: denied } },
    { name: 'not offered, and its end is denied', answers: { ...offered(), [majors]: denied } },
    {
      name: 'a single instance of 9.6, which counts as a major version',
      answers: {
        ...onlySingle({ EngineVersion: '9.6.24' }),
        'rds describe-db-major-engine-versions postgres': { DBMajorEngineVersions: [majorVersion('postgres', '9.6', '2022-04-26')] },
      },
      says: /whose standard support ended on 2022-04-26/,
    },
  ],
  unknown: [
    {
      name: 'the versions denied',
      answers: { [versions]: denied },
      says: /^access denied to rds describe-db-engine-versions aurora-postgresql/,
    },
    {
      name: 'the ends denied',
      answers: { [majors]: denied },
      says: /^access denied to rds describe-db-major-engine-versions aurora-postgresql/,
    },
    {
      name: 'the version may be on a page that is missing',
      answers: { [versions]: { DBEngineVersions: [], Marker: 'page-2' } },
      says: /^unreadable/,
    },
    {
      name: 'no end of this major version',
      answers: ends(['17', '2030-02-28']),
      says: /no end of standard support for version 16 in the answer/,
    },
    {
      name: 'the version is not told',
      answers: { ...clusters({ EngineVersion: undefined }), 'rds describe-db-cluster-parameter-groups': denied },
    },
  ],
});
