import { tlsMinimumVersion } from '../../../lib/checks/posture/tls-minimum-version.ts';
import { denied, strict } from '../../evidence/answers.ts';
import { clusters, group, limitless, multiAz, onlySingle, readersGroup, readerWaits } from './given.ts';
import { testPosture } from './table.ts';

testPosture(tlsMinimumVersion, {
  passes: [
    {
      name: 'TLSv1.2 by default, no list of ciphers',
      says: /^ssl_min_protocol_version is TLSv1.2 by default in group orders-pg16, in effect on all 2 members\./,
      inEffect: true,
      command: null,
    },
    { name: 'TLSv1.3', answers: group({ ...strict, ssl_min_protocol_version: 'TLSv1.3' }) },
    { name: 'no value on version 13 and later means TLSv1.2', answers: group({ ...strict, ssl_min_protocol_version: null }) },
    {
      name: 'a list of strong ciphers, and words that only take away or reorder weak ones',
      answers: group({ ...strict, ssl_ciphers: 'HIGH:MEDIUM:+3DES:!aNULL:-RC4' }),
    },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz(strict) },
    {
      name: "what an instance group says does not matter: the parameters are the cluster group's alone",
      answers: readersGroup({ ssl_min_protocol_version: 'TLSv1' }),
    },
  ],
  fails: [
    ...['TLSv1', 'TLSv1.1', 'tlsv1'].map((version) => ({
      name: `${version}`,
      answers: group({ ...strict, ssl_min_protocol_version: version }),
      says: `ssl_min_protocol_version is ${version} in group orders-pg16, so orders may accept TLS below 1.2.`,
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=ssl_min_protocol_version,ParameterValue=TLSv1.2,ApplyMethod=immediate',
      effect: 'at once',
    })),
    ...['RC4-SHA', 'DES-CBC3-SHA', 'NULL-SHA256', 'EXP-RC2-CBC-MD5', 'ALL', 'eNULL', 'ECDHE-RSA-DES-CBC3-SHA'].map((cipher) => ({
      name: `${cipher} among strong ciphers`,
      answers: group({ ...strict, ssl_ciphers: `ECDHE-RSA-AES256-GCM-SHA384:${cipher}` }),
      says: /so orders may agree on a weak cipher\.$/,
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=ssl_ciphers,ParameterValue=ECDHE-RSA-AES256-GCM-SHA384,ApplyMethod=immediate',
    })),
    {
      name: 'a weak cipher in a list with commas, as AWS documents it',
      answers: group({ ...strict, ssl_ciphers: 'ECDHE-RSA-AES256-GCM-SHA384,RC4-SHA,ECDHE-RSA-AES128-GCM-SHA256' }),
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters \'ParameterName=ssl_ciphers,ParameterValue="ECDHE-RSA-AES256-GCM-SHA384,ECDHE-RSA-AES128-GCM-SHA256",ApplyMethod=immediate\'',
    },
    {
      name: 'a list of which nothing is left: RDS takes no empty value',
      answers: group({ ...strict, ssl_ciphers: 'ALL', ssl_min_protocol_version: 'TLSv1' }),
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=ssl_min_protocol_version,ParameterValue=TLSv1.2,ApplyMethod=immediate\n' +
        'aws rds reset-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --no-reset-all-parameters --parameters ParameterName=ssl_ciphers,ApplyMethod=immediate',
    },
    {
      name: 'a reader waits for a reboot',
      answers: readerWaits,
      says: /reader orders-2 is pending-reboot, so it may still accept TLS below 1\.2\./,
      inEffect: false,
      command: 'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
    },
  ],
  unknown: [
    {
      name: 'denied',
      answers: { 'rds describe-db-cluster-parameters orders-pg16': denied },
      says: /^access denied to rds describe-db-cluster-parameters orders-pg16/,
    },
    {
      name: 'no value before version 13: its default is not known',
      answers: { ...clusters({ EngineVersion: '12.9' }), ...group({ ...strict, ssl_min_protocol_version: null }) },
      says: /the default of this engine and version is not documented/,
    },
    { name: 'Limitless tells nothing of its shards', answers: limitless(), says: /Limitless/ },
  ],
});
