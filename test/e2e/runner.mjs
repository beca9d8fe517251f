// Runs a packaged function once, as Lambda would: the event comes on standard input, the answer goes to the file that AURORA_WATCH_ANSWER names.
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { text } from 'node:stream/consumers';
import timers from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

// The emulator has no rate to keep to: where the program waits for AWS's sake, its clock is put forward instead, and it hardly waits.
const clock = Date.now;
const wait = timers.setTimeout;
if (!process.env.AURORA_WATCH_IN_REAL_TIME) {
  let ahead = 0;
  Date.now = () => clock() + ahead;
  timers.setTimeout = async (milliseconds, ...rest) => {
    const end = Date.now() + milliseconds;
    const value = await wait(Math.min(milliseconds, 2), ...rest);
    ahead = Math.max(ahead, end - clock());
    return value;
  };
}
syncBuiltinESMExports();

const [file, seconds, name] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(file).href);
const deadline = clock() + Number(seconds) * 1000;
const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: name,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
  memoryLimitInMB: '512',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => deadline - clock(),
};
const answer = await handler(JSON.parse(await text(process.stdin)), context);
writeFileSync(process.env.AURORA_WATCH_ANSWER, JSON.stringify(answer ?? null));
process.exit(0);
