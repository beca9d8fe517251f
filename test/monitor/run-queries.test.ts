import { describe, expect, it } from '@jest/globals';
import { BusyError } from '../../lib/domain/errors.ts';
import { collectExecution, runQueries } from '../../lib/monitor/run-queries.ts';
import { denied, fine } from '../evidence/answers.ts';
import { inWords } from './deployed.ts';
import { activityIds, guessing, hour, watching } from './queries.ts';

const due = Date.parse('2026-05-03T12:00:00Z');
const passwords = 'failed-password-logins';
const when = '2026-05-03T11:30:00Z';

/** Lets the query run once an hour from `due` on, each time with its event; `rows` by the number of the run. */
async function runHourly(it: Awaited<ReturnType<typeof watching>>, count: number, before: (index: number) => void = () => undefined) {
  for (let index = 0; index < count; index++) {
    before(index);
    it.world.now += hour;
    const wanted = it.world.now - 10_000;
    await runQueries(it.monitor, wanted);
    for (const id of it.end()) await collectExecution(it.monitor, id);
  }
}

describe('a run by the schedule', () => {
  it('starts what is due and waits for nothing', async () => {
    const { monitor, started, told, runs } = await watching([passwords, 'plaintext-refused']);

    const ran = await runQueries(monitor, due);

    expect(ran.started).toEqual([passwords, 'plaintext-refused']);
    expect(started.map(({ query }) => query)).toEqual([passwords, 'plaintext-refused']);
    expect(runs.get(passwords)).toMatchObject({ reached: null, running: { execution: 'execution-1', to: due }, failed: null });
    expect(told).toEqual([]);
  });

  it('starts nothing twice, though it comes twice', async () => {
    const { monitor, started } = await watching([passwords]);

    await runQueries(monitor, due);
    await runQueries(monitor, due);

    expect(started).toHaveLength(1);
  });

  it('starts nothing while the last one runs', async () => {
    const { monitor, started } = await watching([passwords]);

    await runQueries(monitor, due);
    await runQueries(monitor, due + hour);

    expect(started).toHaveLength(1);
  });

  it('starts nothing for an hour that is collected already', async () => {
    const it = await watching([passwords]);

    await runHourly(it, 2);
    await runQueries(it.monitor, it.world.now - 10_000 - hour);

    expect(it.started).toHaveLength(2);
  });

  it('reads at least the last day, and what came late before it', async () => {
    const { monitor, started } = await watching([passwords]);

    await runQueries(monitor, due);

    expect(started[0]?.sql).toContain(`first_ms >= ${due - 30 * hour}`);
    expect(started[0]?.sql).toContain(`first_ms < ${due}`);
  });
});

describe('the end of an execution', () => {
  it('tells what its rows say, with the fingerprint that a scan gives it', async () => {
    const { world, monitor, told, end, findings, runs } = await watching([passwords]);
    world.rows.set(passwords, [guessing(when)]);

    await runQueries(monitor, due);
    const [id = ''] = end();
    await collectExecution(monitor, id);

    expect(inWords(told)).toEqual([`${passwords} opened`]);
    expect(told[0]).toMatchObject({
      severity: 'medium',
      eventId: null,
      resources: [{ name: 'orders' }],
      reason: '5 password logins as app to database orders of orders from 192.0.2.7 failed: password authentication failed.',
    });
    expect([...findings.values()].map(({ state, openedBy }) => [state, openedBy])).toEqual([['open', told[0]?.id]]);
    expect(runs.get(passwords)).toMatchObject({ reached: due, running: null, failed: null });
  });

  it.each<[string, (ids: readonly string[]) => readonly string[]]>([
    ['once', (ids) => ids],
    ['twice', (ids) => [...ids, ...ids]],
    ['for executions that are none of ours', (ids) => ['stranger', ...ids, 'stranger']],
  ])('is told once though events come %s', async (_, events) => {
    const { world, monitor, told, end } = await watching([passwords]);
    world.rows.set(passwords, [guessing(when)]);

    await runQueries(monitor, due);
    for (const id of events(end())) await collectExecution(monitor, id);

    expect(inWords(told)).toEqual([`${passwords} opened`]);
  });

  it('is told once though two functions get it at the same time', async () => {
    const { world, monitor, told, end, runs } = await watching([passwords]);
    world.rows.set(passwords, [guessing(when)]);

    await runQueries(monitor, due);
    const [id = ''] = end();
    await Promise.all([collectExecution(monitor, id), collectExecution(monitor, id), runQueries(monitor, due + hour)]);

    expect(inWords(told)).toEqual([`${passwords} opened`]);
    expect(runs.get(passwords)).toMatchObject({ reached: due });
  });

  it('is collected by the next run where its event never comes, and told once where that comes later', async () => {
    const { world, monitor, told, end, started } = await watching([passwords]);
    world.rows.set(passwords, [guessing(when)]);

    await runQueries(monitor, due);
    const [late = ''] = end();
    const ran = await runQueries(monitor, due + hour);
    const [next = ''] = end();
    await collectExecution(monitor, next);
    await collectExecution(monitor, late);

    expect(ran).toMatchObject({ collected: [passwords], started: [passwords] });
    expect(started).toHaveLength(2);
    expect(inWords(told)).toEqual([`${passwords} opened`]);
  });

  it('is told though a sweep, which reads no logs, looked meanwhile', async () => {
    const { world, monitor, told, end } = await watching([passwords]);
    world.rows.set(passwords, [guessing(when)]);

    await runQueries(monitor, due);
    await monitor.store.moveWatermark('sweep', '2026-05-03T12:00:05Z');
    for (const id of end()) await collectExecution(monitor, id);

    expect(inWords(told)).toEqual([`${passwords} opened`]);
  });

  it('is waited for where the event came too early', async () => {
    const { world, monitor, told, started, end } = await watching([passwords]);
    world.rows.set(passwords, [guessing(when)]);

    await runQueries(monitor, due);
    await collectExecution(monitor, started[0]?.id ?? '');
    end();
    await runQueries(monitor, due + hour);

    expect(inWords(told)).toEqual([`${passwords} opened`]);
  });
});

describe('an engine that is too busy to answer', () => {
  it.each(['ask for the state', 'ask for rows'])('is asked again by the next run, which starts nothing beside it: %s', async (asking) => {
    const it = await watching([passwords]);
    it.world.rows.set(passwords, [guessing(when)]);
    await runQueries(it.monitor, due);
    const [id = ''] = it.end();
    it.world.before = (step) => {
      if (step === asking) throw new BusyError('ThrottlingException: Rate exceeded');
    };

    const ran = await collectExecution(it.monitor, id);
    it.world.now += hour;
    await runQueries(it.monitor, due + hour);
    const waiting = it.runs.get(passwords);
    it.world.before = () => undefined;
    const collected = await runQueries(it.monitor, due + hour);

    expect(ran).toEqual({ started: [], collected: [], failed: {} });
    expect(waiting).toMatchObject({ reached: null, running: { execution: id }, failed: null });
    expect(collected).toEqual({ started: [passwords], collected: [passwords], failed: {} });
    expect(it.started).toHaveLength(2);
    expect(inWords(it.told)).toEqual([`${passwords} opened`]);
  });

  it('is given up after six hours, and so is an execution that does not end', async () => {
    const it = await watching([passwords]);
    await runQueries(it.monitor, due);

    it.world.now = due + 6 * hour - 1000;
    const before = await runQueries(it.monitor, due + 5 * hour);
    it.world.now = due + 6 * hour;
    const after = await runQueries(it.monitor, due + 6 * hour);

    expect(before).toEqual({ started: [], collected: [], failed: {} });
    expect(after).toMatchObject({ started: [passwords], failed: { [passwords]: expect.stringMatching(/^it has not ended for 6 hours/) } });
  });
});

describe('what is open', () => {
  it('is not told again while its rows come again, and changes nothing when the same execution comes again', async () => {
    const it = await watching([passwords]);
    it.world.rows.set(passwords, [guessing(when)]);

    await runHourly(it, 3);

    expect(inWords(it.told)).toEqual([`${passwords} opened`]);
    expect([...it.findings.values()].map(({ state }) => state)).toEqual(['open']);
  });

  it('is over silently after a quiet day, and told when it is back', async () => {
    const it = await watching([passwords]);
    it.world.rows.set(passwords, [guessing(when)]);

    await runHourly(it, 1);
    it.world.rows.set(passwords, []);
    await runHourly(it, 1);
    const over = [...it.findings.values()].map(({ state }) => state);
    it.world.rows.set(passwords, [guessing('2026-05-03T14:30:00Z')]);
    await runHourly(it, 1);

    expect(over).toEqual(['resolved']);
    expect(inWords(it.told)).toEqual([`${passwords} opened`, `${passwords} reopened`]);
  });

  it('is over after a quiet day where the query looks further back', async () => {
    const it = await watching(['log-gaps']);
    const hours = (from: string, to: string) =>
      Array.from({ length: (Date.parse(to) - Date.parse(from)) / hour }, (_, index) =>
        ['orders-1', 'orders-2'].map((instance) => ({ cluster: 'orders', instance, hour: Date.parse(from) + index * hour })),
      ).flat();
    // orders-1 and orders-2 write nothing from 2 to 4 o'clock on 1 May; only what is younger than 30 hours is news.
    it.world.rows.set('log-gaps', [
      ...hours('2026-05-01T00:00:00Z', '2026-05-01T02:00:00Z'),
      ...hours('2026-05-01T04:00:00Z', '2026-05-03T11:00:00Z'),
    ]);
    it.world.now = Date.parse('2026-05-01T23:00:10Z');
    const { queries } = it.monitor;
    const monitor = { ...it.monitor, queries: queries.map((one) => ({ ...one, after: null })) };

    await runHourly({ ...it, monitor }, 1);
    const open = [...it.findings.values()].map(({ state }) => state);
    it.world.now = Date.parse('2026-05-03T10:00:10Z');
    await runHourly({ ...it, monitor }, 1);

    expect(open).toEqual(['open', 'open']);
    expect([...it.findings.values()].map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect(inWords(it.told)).toEqual(['log-gaps opened']);
  });

  it('is told when it is worse', async () => {
    const it = await watching([passwords]);
    await runHourly(it, 2, (index) => it.world.rows.set(passwords, [guessing(when, { attempts: 5 + 45 * index, reached_tenfold: index })]));

    expect(inWords(it.told)).toEqual([`${passwords} opened`, `${passwords} worsened`]);
  });

  it('stays open where AWS does not tell what the check must know, and after three runs it is told that it is blind', async () => {
    const it = await watching(['master-user-logins'], undefined);
    const row = {
      cluster: 'orders',
      user_name: 'orders_owner',
      host: '192.0.2.7',
      sessions: 3,
      days: 1,
      first_ms: Date.parse(when),
      last_ms: Date.parse(when),
    };
    it.world.rows.set('master-user-logins', [row]);
    const monitor = {
      ...it.monitor,
      configuration: { ...it.monitor.configuration, severities: { 'master-user-logins': 'high' as const } },
    };

    await runHourly({ ...it, monitor }, 1);
    it.world.answers = { ...fine, 'rds describe-db-clusters': denied };
    await runHourly({ ...it, monitor }, 4);

    expect([...it.findings.values()].filter(({ finding }) => finding !== null).map(({ state }) => state)).toEqual(['open']);
    expect(inWords(it.told)).toEqual(['master-user-logins opened', 'master-user-logins blind']);
  });

  it.each([
    [true, ['denied-rds-calls opened']],
    [false, []],
  ])('of the account as a whole is told by the stack that is at home (%s)', async (home, expected) => {
    const it = await watching(['denied-rds-calls', 'api_call'], undefined, { home });
    const row = {
      account: '111122223333',
      principal: 'arn:aws:iam::111122223333:user/jane',
      calls: 12,
      first_ms: Date.parse(when),
      last_ms: Date.parse(when),
      names: 'DescribeDBClusters',
      sources: '192.0.2.7',
      regions: 'eu-central-1',
    };
    it.world.rows.set('denied-rds-calls', [row]);

    await runHourly(it, 2);

    expect(it.runs.get('denied-rds-calls')).toMatchObject({ reached: expect.any(Number) });
    expect(inWords(it.told)).toEqual(expected);
  });
});

describe('a run that failed', () => {
  it.each<['failed' | 'cancelled', string]>([
    ['failed', 'Query exhausted resources at this scale factor'],
    ['cancelled', 'Query cancelled by user'],
  ])('(%s) is covered by the next one, whatever long it takes', async (state, reason) => {
    const it = await watching([passwords]);
    await runHourly(it, 1);
    const reached = it.runs.get(passwords)?.reached ?? 0;

    for (let index = 0; index < 40; index++) {
      it.world.now += hour;
      await runQueries(it.monitor, it.world.now - 10_000);
      for (const id of it.end(null, state, reason)) await collectExecution(it.monitor, id);
    }
    const failed = it.runs.get(passwords);
    it.world.rows.set(passwords, [guessing('2026-05-03T14:30:00Z')]);
    await runHourly(it, 1);

    expect(failed).toMatchObject({ reached, running: null, failed: { runs: 40, reason } });
    expect(it.started.at(-1)?.sql).toContain(`first_ms >= ${reached - 6 * hour}`);
    // What was logged two days ago, when the monitor did not look, is news.
    expect(inWords(it.told)).toEqual([`${passwords} blind`, `${passwords} opened`]);
    expect(it.told[0]).toMatchObject({ resources: [{ type: 'region' }], reason: expect.stringContaining(reason) });
    expect(it.runs.get(passwords)?.failed).toBeNull();
  });

  it.each(['ask for the state', 'ask for rows', `start ${passwords}`])(
    'because AWS refused to %s is one, and keeps none of the others back',
    async (refused) => {
      const it = await watching([passwords, 'plaintext-refused']);
      it.world.before = (step) => {
        if (step === refused) throw new Error('AccessDeniedException: not authorized');
      };

      await runQueries(it.monitor, due);
      for (const id of it.end()) await collectExecution(it.monitor, id);

      expect(it.runs.get(passwords)).toMatchObject({
        reached: null,
        running: null,
        failed: { runs: 1, reason: expect.stringContaining('not authorized') },
      });
      expect(it.started.map(({ query }) => query)).toContain('plaintext-refused');
    },
  );

  it('counts once, though it is delivered twice', async () => {
    const it = await watching([passwords]);
    it.world.before = (step) => {
      if (step.startsWith('start')) throw new Error('refused');
    };

    await runQueries(it.monitor, due);
    await runQueries(it.monitor, due);

    expect(it.runs.get(passwords)?.failed).toMatchObject({ runs: 1 });
  });

  it('keeps of what others may make as long as they like what fits into an item of the store', async () => {
    const it = await watching(['plaintext-sessions']);
    const applications = Array.from({ length: 20_000 }, (_, index) => `application-${index}`.padEnd(63, 'x')).join('\u001f');
    const row = { cluster: 'orders', user_name: 'app', database_name: 'orders', host: '192.0.2.7', sessions: 20_000, applications };
    it.world.rows.set('plaintext-sessions', [{ ...row, first_ms: Date.parse(when), last_ms: Date.parse(when) }]);

    await runHourly(it, 1);

    const [known] = [...it.findings.values()];
    expect(known?.finding?.evidence).toMatchObject({ sessions: 20_000 });
    expect(Buffer.byteLength(JSON.stringify(known))).toBeLessThan(100_000);
  });

  it('with more rows than people read tells what it read, closes nothing, and is blind', async () => {
    const it = await watching([passwords]);
    it.world.rows.set(passwords, [guessing(when, { user_name: 'first' })]);
    await runHourly(it, 1);
    const many = Array.from({ length: 20_001 }, (_, index) =>
      guessing('2026-05-03T13:30:00Z', { user_name: `guess-${index}`, reached: index < 2500 ? 1 : 0 }),
    );
    it.world.rows.set(passwords, many);

    await runHourly(it, 1);

    const known = [...it.findings.values()];
    expect(known.filter(({ state }) => state === 'open')).toHaveLength(20_001);
    expect(known.filter(({ blind }) => blind !== null)).toHaveLength(1);
    const told = it.told.slice(1);
    expect(told.every(({ transition }) => transition === 'opened')).toBe(true);
    expect(new Set(told.flatMap(({ findings }) => findings)).size).toBe(2500);
  });
});

describe('what reads CloudTrail', () => {
  it('starts when the extract has ended, and only then', async () => {
    const it = await watching(['api_call', 'denied-rds-calls', passwords]);

    const first = await runQueries(it.monitor, due);
    const [extract = ''] = it.end('api_call');
    const second = await collectExecution(it.monitor, extract);

    expect(first.started).toEqual(['api_call', passwords]);
    expect(second).toEqual({ started: ['denied-rds-calls'], collected: ['api_call'], failed: {} });
  });

  it('does not start where the extract failed, and is blind after three times', async () => {
    const it = await watching(['api_call', 'denied-rds-calls']);

    for (let index = 0; index < 4; index++) {
      await runQueries(it.monitor, due + index * hour);
      for (const id of it.end('api_call', 'failed', 'no such table')) await collectExecution(it.monitor, id);
    }

    expect(it.started.map(({ query }) => query)).toEqual(['api_call', 'api_call', 'api_call', 'api_call']);
    expect(inWords(it.told)).toEqual(['denied-rds-calls blind']);
  });

  it('is no part of a stack without a trail; without logs nothing else is', async () => {
    const ids = (delivered: { logs: boolean; trail: boolean }) =>
      watching([...activityIds, 'api_call', 'api-call-expired'], delivered).then(({ monitor }) =>
        monitor.queries.map(({ id, after }) => `${after ?? 'schedule'} ${id}`),
      );

    expect(await ids({ logs: false, trail: false })).toEqual([]);
    expect(await ids({ logs: false, trail: true })).toEqual([
      'schedule api_call',
      'api_call api-call-expired',
      'api_call cross-account-access',
      'api_call denied-rds-calls',
      'api_call log-gaps',
      'api_call parameter-history',
    ]);
    expect(await ids({ logs: true, trail: false })).not.toContain('schedule api_call');
    expect(await ids({ logs: true, trail: false })).toContain('schedule log-gaps');
  });

  it('is kept small: what is old is deleted, files are joined, snapshots expire, once a week and one after the other', async () => {
    const upkeep = ['api-call-expired', 'api-call-compacted', 'api-call-vacuumed'];
    const it = await watching(['api_call', ...upkeep]);
    const starts: string[][] = [];

    for (let index = 0; index < 24 * 7 + 4; index++) {
      const before = it.started.length;
      it.world.now = due + index * hour;
      await runQueries(it.monitor, it.world.now);
      for (const id of it.end('api_call')) await collectExecution(it.monitor, id);
      // The upkeep takes a while; the next extract waits for it.
      for (const id of it.end()) await collectExecution(it.monitor, id);
      starts.push(it.started.slice(before).map(({ sql }) => sql.split(' ').slice(0, 2).join(' ')));
    }

    const extract = 'MERGE INTO';
    expect(starts.slice(0, 4)).toEqual([[extract, 'DELETE FROM'], [extract, 'OPTIMIZE api_call'], [extract, 'VACUUM api_call'], [extract]]);
    expect(starts.flat().filter((one) => one === 'VACUUM api_call')).toHaveLength(2);
    expect(it.started.find(({ sql }) => sql.startsWith('DELETE'))?.sql).toBe("DELETE FROM api_call WHERE day < '2025/03/29'");
  });

  it('is not extracted while something else writes the table', async () => {
    const it = await watching(['api_call', 'api-call-expired']);

    await runQueries(it.monitor, due);
    for (const id of it.end()) await collectExecution(it.monitor, id);
    await runQueries(it.monitor, due + hour);

    expect(it.started.map(({ sql }) => sql.slice(0, 6))).toEqual(['MERGE ', 'DELETE']);
  });
});

describe('a crash', () => {
  /** Hours with an attack in the first; `crashAt`: the step after which the process dies, once. Messages come again until they are handled. */
  async function live(crashAt: number) {
    const it = await watching(['api_call', 'denied-rds-calls', passwords]);
    it.world.rows.set(passwords, [guessing(when)]);
    let steps = 0;
    let isDead = false;
    // What is dead does nothing more, and catches nothing.
    it.world.before = () => {
      if (isDead) throw new Error('dead');
    };
    it.world.after = () => {
      isDead = ++steps === crashAt;
      if (isDead) throw new Error('dead');
    };
    const handle = async (work: () => Promise<unknown>): Promise<void> => {
      for (let tries = 0; tries < 3; tries++) {
        await work().catch(() => {});
        if (!isDead) return;
        isDead = false;
        // The queue makes it visible again after a while.
        it.world.now += 30 * 60_000;
      }
    };
    for (let index = 0; index < 3; index++) {
      it.world.now = Math.max(it.world.now, due + index * hour);
      await handle(() => runQueries(it.monitor, due + index * hour));
      for (const id of it.end()) await handle(() => collectExecution(it.monitor, id));
      for (const id of it.end()) await handle(() => collectExecution(it.monitor, id));
    }
    return { ...it, steps };
  }

  it('after any step loses nothing and tells nothing twice but with the same id', async () => {
    const { steps, started } = await live(0);
    const outcomes = [];

    for (let crashAt = 1; crashAt <= steps; crashAt++) {
      const { told, runs, findings, started: all } = await live(crashAt);
      outcomes.push({
        told: [...new Set(told.map(({ id, check, transition }) => `${id.length} ${check} ${transition}`))],
        ids: new Set(told.map(({ id }) => id)).size,
        most: told.length <= 2,
        reached: [...runs.values()].map(({ query, reached, running, failed }) => [query, reached, running, failed?.runs]),
        states: [...findings.values()].filter(({ finding }) => finding !== null).map(({ state }) => state),
        once: new Set(all.map(({ query, token }) => `${query} ${token}`)).size === all.length,
        few: all.length <= started.length,
      });
    }

    expect(steps).toBeGreaterThan(30);
    for (const outcome of outcomes) {
      expect(outcome.told).toEqual([`32 ${passwords} opened`]);
      expect(outcome).toMatchObject({ ids: 1, most: true, states: ['open'], once: true, few: true });
      for (const [, reached, running] of outcome.reached) expect([Number(reached) >= due + hour, running]).toEqual([true, null]);
    }
  });
});
