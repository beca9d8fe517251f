// A plugin of the Serverless Framework: bundles the functions before they are packaged or invoked locally.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

module.exports = class BuildFunctions {
  constructor() {
    const build = () => {
      execFileSync(process.execPath, [join(__dirname, 'build-functions.js')], { stdio: 'inherit' });
    };
    this.hooks = {
      'before:package:createDeploymentArtifacts': build,
      'before:deploy:function:packageFunction': build,
      'before:invoke:local:invoke': build,
    };
  }
};
