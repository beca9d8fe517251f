// A plugin of the Serverless Framework: bundles the functions before they are packaged or invoked locally, and looks at the parameters before anything
// is deployed.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** What each parameter must look like, and the sentence that says so. */
const rules = {
  'log-delivery': [
    /^(?:true|false)$/,
    'must be true or false: true lets the monitor add subscriptions to the log groups of your databases',
  ],
  'trail-bucket': [/^(?:[a-z0-9.-]{3,63})?$/, 'must be the name of a bucket'],
  'trail-prefix': [/^(?:[^\s/][^\s]*\/)?$/, 'must be a path that ends in /, such as AWSLogs/o-exampleorgid/111122223333/'],
  'trail-key': [/^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+)?$/, 'must be the ARN of a key'],
  'trail-regions': [/^(?:[a-z]{2}(?:-[a-z]+)+-\d(?:,[a-z]{2}(?:-[a-z]+)+-\d)*)?$/, 'must be regions with commas between'],
  home: [/^(?:true|false)$/, 'must be true in one region, and false in the others'],
  email: [/^(?:[^@\s]+@[^@\s]+)?$/, 'must be an e-mail address'],
  'operations-email': [/^(?:[^@\s]+@[^@\s]+)?$/, 'must be an e-mail address'],
  'deployment-role': [/^(?:arn:aws[a-z-]*:iam::\d{12}:role\/\S+)?$/, 'must be the ARN of a role; it may hold *'],
  sweep: [/^(?:rate|cron)\(.+\)$/, 'must be a schedule such as rate(1 hour)'],
  digest: [/^(?:rate|cron)\(.+\)$/, 'must be a schedule such as cron(0 7 * * ? *)'],
  'weekly-report': [/^(?:off|(?:rate|cron)\(.+\))$/, 'must be a schedule such as cron(0 6 ? * MON *), or off'],
  'security-hub': [/^(?:true|false)$/, 'must be true or false: true imports findings into Security Hub'],
};

module.exports = class BuildFunctions {
  constructor(serverless) {
    const build = () => {
      execFileSync(process.execPath, [join(__dirname, 'build-functions.js')], { stdio: 'inherit' });
    };
    const look = () => {
      const { parameters } = serverless.service.custom;
      const given = (serverless.processedInput.options.param ?? []).map((one) => one.split('=')[0]);
      const problems = [
        ...given.filter((name) => !Object.hasOwn(rules, name)).map((name) => `--param ${name}=…: there is no such parameter.`),
        ...Object.entries(rules)
          .filter(([name, [form]]) => !form.test(String(parameters[name] ?? '')))
          .map(([name, [, sentence]]) => `--param ${name}=… ${sentence}.`),
      ];
      if (problems.length > 0) throw new serverless.classes.Error(`Nothing was deployed:\n${problems.join('\n')}`, 'WRONG_PARAMETERS');
    };
    this.hooks = {
      'before:package:createDeploymentArtifacts': build,
      'before:deploy:function:packageFunction': build,
      'before:invoke:local:invoke': build,
      // Before the framework asks AWS for anything.
      initialize: () => {
        if (serverless.processedInput.commands.join(' ') === 'deploy') look();
      },
    };
  }
};
