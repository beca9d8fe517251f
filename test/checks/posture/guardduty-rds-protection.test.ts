import { guarddutyRdsProtection } from '../../../lib/checks/posture/guardduty-rds-protection.ts';
import { denied, single } from '../../evidence/answers.ts';
import { testPosture } from './table.ts';

const id = '12abc34d567e8fa901bc2d34e56789f0';
const detector = (answer: unknown) => ({ [`guardduty get-detector ${id}`]: answer });
const noClusters = { 'rds describe-db-clusters': { DBClusters: [] }, 'rds describe-db-instances': { DBInstances: [] } };
const features = `'[{"Name":"RDS_LOGIN_EVENTS","Status":"ENABLED"}]'`;

testPosture(guarddutyRdsProtection, {
  passes: [
    { name: 'on', says: 'GuardDuty watches RDS logins in eu-central-1.' },
    { name: 'for a single instance', answers: { ...noClusters, 'rds describe-db-instances': { DBInstances: [single()] } } },
  ],
  fails: [
    {
      name: 'no detector',
      answers: { 'guardduty list-detectors': { DetectorIds: [] } },
      says: 'GuardDuty is off in eu-central-1.',
      command: `aws guardduty create-detector --region eu-central-1 --enable --features ${features}`,
      effect: 'at once',
    },
    {
      name: 'suspended',
      answers: detector({ Status: 'DISABLED', Features: [{ Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' }] }),
      says: /suspended/,
    },
    {
      name: 'without RDS Protection',
      answers: detector({ Status: 'ENABLED', Features: [{ Name: 'RDS_LOGIN_EVENTS', Status: 'DISABLED' }] }),
      says: 'GuardDuty is on in eu-central-1, but RDS Protection is off.',
      evidence: { detector: id, enabled: true, rdsLogins: false },
      command: `aws guardduty update-detector --detector-id ${id} --region eu-central-1 --enable --features ${features}`,
    },
    { name: 'only another feature', answers: detector({ Status: 'ENABLED', Features: [{ Name: 'S3_DATA_EVENTS', Status: 'ENABLED' }] }) },
  ],
  notApplicable: [
    { name: 'no cluster', answers: noClusters, says: 'eu-central-1 has no cluster.' },
    {
      name: 'only MySQL',
      answers: { ...noClusters, 'rds describe-db-clusters': { DBClusters: [{ DBClusterIdentifier: 'shop', Engine: 'aurora-mysql' }] } },
    },
  ],
  unknown: [
    { name: 'clusters denied', answers: { ...noClusters, 'rds describe-db-clusters': denied }, says: /describe-db-clusters/ },
    { name: 'detectors denied', answers: { 'guardduty list-detectors': denied }, says: /denied to guardduty list-detectors/ },
    { name: 'detector denied', answers: detector(denied), says: /denied/ },
    { name: 'detector not collected', answers: detector(undefined), says: /not collected/ },
    {
      name: 'a detector whose id cannot be read',
      answers: { 'guardduty list-detectors': { DetectorIds: [{}] } },
      says: /could not be read/,
    },
    { name: 'a feature that cannot be read', answers: detector({ Status: 'ENABLED', Features: [5] }), says: /could not be read/ },
    { name: 'features not said', answers: detector({ Status: 'ENABLED' }), says: /lacks Features/ },
  ],
});
