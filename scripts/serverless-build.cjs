// A plugin of the Serverless Framework: bundles the functions before they are packaged or invoked locally, and looks at the parameters before anything
// is deployed.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

const rate = /^rate\((?:1 (?:minute|hour|day)|(?!1 )[1-9]\d* (?:minutes|hours|days))\)$/;
/** Of the day of the month and that of the week, one is `?`. */
const cron = /^cron\([^\s?]+ [^\s?]+ (?:\? [^\s?]+ [^\s?]+|[^\s?]+ [^\s?]+ \?) [^\s?]+\)$/;
const isSchedule = (text) => rate.test(text) || cron.test(text);
const matches = (form) => (text) => form.test(text);

/** What each parameter must look like, and the sentence that says so. */
const rules = {
  'log-delivery': [
    matches(/^(?:true|false)$/),
    'must be true or false: true lets the monitor add subscriptions to the log groups of your databases',
  ],
  'trail-bucket': [matches(/^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/), 'must be the name of a bucket'],
  'trail-prefix': [matches(/^(?:[^\s/][^\s]*\/)?$/), 'must be a path that ends in /, such as AWSLogs/o-exampleorgid/111122223333/'],
  'trail-key': [matches(/^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+)?$/), 'must be the ARN of a key'],
  'trail-regions': [matches(/^(?:[a-z]{2}(?:-[a-z]+)+-\d(?:,[a-z]{2}(?:-[a-z]+)+-\d)*)?$/), 'must be regions with commas between'],
  home: [matches(/^(?:true|false)$/), 'must be true in one region, and false in the others'],
  email: [matches(/^(?:[^@\s]+@[^@\s]+)?$/), 'must be an e-mail address'],
  'operations-email': [matches(/^(?:[^@\s]+@[^@\s]+)?$/), 'must be an e-mail address'],
  'deployment-role': [matches(/^(?:arn:aws[a-z-]*:iam::\d{12}:role\/\S+)?$/), 'must be the ARN of a role; it may hold *'],
  // An alarm tells of a day without a sweep.
  sweep: [(text) => isSchedule(text) && !/ days\)$/.test(text), 'must be a schedule of once a day at least, such as rate(1 hour)'],
  digest: [isSchedule, 'must be a schedule such as cron(0 7 * * ? *)'],
  'weekly-report': [(text) => text === 'off' || isSchedule(text), 'must be a schedule such as cron(0 6 ? * MON *), or off'],
  'security-hub': [matches(/^(?:true|false)$/), 'must be true or false: true imports findings into Security Hub'],
};

/** Everything that is wrong with how the service is deployed, a sentence each. */
function problemsOf({ service, processedInput }) {
  const { custom, provider } = service;
  const parameters = Object.fromEntries(Object.keys(rules).map((name) => [name, String(custom.parameters[name] ?? '')]));
  const given = [processedInput.options.param ?? []].flat().map((one) => one.split('=')[0]);
  // The longest name of a bucket, which may have 63 characters, and is in lower case.
  const bucket = `aurora-watch-${provider.stage}-queries-111122223333-${provider.region}`;
  const withoutTrail = parameters['trail-bucket'] === '' ? ['trail-prefix', 'trail-key', 'trail-regions'] : [];
  return [
    ...(/^[a-z0-9-]*$/.test(provider.stage) && bucket.length <= 63
      ? []
      : [
          `--stage ${provider.stage} must be of lower-case letters, digits and hyphens, and ${provider.stage.length - (bucket.length - 63)} of them at most.`,
        ]),
    ...given.filter((name) => !Object.hasOwn(rules, name)).map((name) => `--param ${name}=…: there is no such parameter.`),
    ...Object.entries(rules)
      .filter(([name, [isRight]]) => !isRight(parameters[name]))
      .map(([name, [, sentence]]) => `--param ${name}=… ${sentence}.`),
    ...withoutTrail
      .filter((name) => parameters[name] !== '')
      .map((name) => `--param ${name}=… says nothing without --param trail-bucket=….`),
  ];
}

module.exports = class BuildFunctions {
  constructor(serverless) {
    const build = () => {
      execFileSync(process.execPath, [join(__dirname, 'build-functions.js')], { stdio: 'inherit' });
    };
    this.hooks = {
      'before:package:createDeploymentArtifacts': build,
      'before:deploy:function:packageFunction': build,
      'before:invoke:local:invoke': build,
      // Before the framework asks AWS for anything.
      initialize: () => {
        if (!['deploy', 'package'].includes(serverless.processedInput.commands.join(' '))) return;
        const problems = problemsOf(serverless);
        if (problems.length > 0) throw new serverless.classes.Error(`Nothing was deployed:\n${problems.join('\n')}`, 'WRONG_PARAMETERS');
      },
    };
  }
};
