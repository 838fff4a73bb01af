#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=4
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { StoreOpenError } from '../domain/errors.ts';
import { StartProblem } from '../start-problem.ts';
import { type Answer, configured, print } from './command.ts';

const program = new Command('shsm-badges')
  .description('SHSM certifications and digital badges inside the LMS.')
  .option('--json', 'print one JSON document on stdout; logs go to stderr')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(add --help for what this command takes)');

/**
 * Runs a command, prints what it answers, and ends with its exit code: 0 done, 1 the thing asked about is bad, 2 wrong use.
 * Commands are imported when they are run, so that each loads only what it needs.
 */
const run =
  <A extends unknown[]>(command: (...args: A) => Promise<Answer>) =>
  async (...args: A): Promise<void> => {
    const answer = await command(...args).catch(startProblem);
    await print(answer, program.opts()['json'] === true);
    process.exitCode = answer.code;
  };

function startProblem(error: unknown): Answer {
  if (!(error instanceof StartProblem || error instanceof StoreOpenError)) throw error;
  return { code: 2, data: { problems: error.message.split('\n') }, text: error.message };
}

const day = (value: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new InvalidArgumentError('must be a day such as 2026-11-22');
  return value;
};

const count = (value: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('must be a whole number from 1 to 99999');
  return Number(value);
};

const duration = (value: string): number => {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(value) ?? [];
  const ms = Number(count) * ({ m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 0);
  if (ms <= 0 || ms > 90 * 86_400_000)
    throw new InvalidArgumentError('must be a time such as 30m, 24h or 7d, at most 90d');
  return ms;
};

program
  .command('serve')
  .description('run the server')
  .action(run(async () => configured((await import('./serve.ts')).serve)));

program
  .command('demo')
  .description('run the server with a local LMS and a seeded course')
  .option('--lms-port <port>', 'port of the local LMS', '3001')
  .action(run(async (options) => (await import('./demo.ts')).demo(options)));

const platform = program.command('platform').description('the LMSs that may launch the tool');
platform
  .command('add')
  .description('register an LMS by hand')
  .requiredOption('--name <name>')
  .requiredOption('--issuer <url>')
  .requiredOption('--client-id <id>')
  .requiredOption('--auth-url <url>', 'OpenID Connect authentication endpoint')
  .requiredOption('--token-url <url>', 'OAuth2 access token URL')
  .requiredOption('--jwks-url <url>', 'key set of the LMS')
  .option('--audience <audience>', 'OAuth2 audience, where it is not the token URL (Brightspace)')
  .addOption(new Option('--deployment-id <id...>', 'deployments to approve at once').default([] as string[]))
  .action(
    run(async (options) => {
      const { platformAdd } = await import('./platform.ts');
      return configured((config) => platformAdd(config, options));
    }),
  );
platform
  .command('list')
  .description('every LMS with its deployments')
  .action(run(async () => configured((await import('./platform.ts')).platformList)));
for (const status of ['enable', 'disable'] as const)
  platform
    .command(`${status} <id>`)
    .description(status === 'enable' ? 'let its launches in' : 'refuse its launches')
    .action(
      run(async (id) => {
        const { platformStatus } = await import('./platform.ts');
        return configured((config) => platformStatus(config, id, status));
      }),
    );
platform
  .command('approve-deployment <id> <deployment>')
  .description('let the launches of a deployment in')
  .action(
    run(async (id, deployment) => {
      const { platformApproveDeployment } = await import('./platform.ts');
      return configured((config) => platformApproveDeployment(config, id, deployment));
    }),
  );

platform
  .command('pace <id> [requests]')
  .description(
    'how many scores a second the LMS gets: a number, or "auto" for as many as it takes (the default)',
  )
  .action(
    run(async (id, requests) => {
      const { platformPace } = await import('./platform-pace.ts');
      return configured((config) => platformPace(config, id, requests));
    }),
  );

platform
  .command('invite')
  .description('a one-time link by which an LMS registers itself')
  .addOption(
    new Option('--expires <time>', 'how long it works, such as 30m, 24h or 7d')
      .argParser(duration)
      .default(86_400_000, '24h'),
  )
  .option('--name <name>', 'what to call the LMS here, instead of its host')
  .option('--inactive', 'the registration waits for "platform enable"')
  .action(
    run(async (options) => {
      const { platformInvite } = await import('./platform-invite.ts');
      return configured((config) => platformInvite(config, options));
    }),
  );

const keys = program.command('keys').description('the keys that the tool signs with');
keys
  .command('list')
  .description('which keys are published, and which one signs')
  .action(run(async () => configured((await import('./keys.ts')).keysList)));
keys
  .command('rotate')
  .description('a new key: published at once, signs in an hour; the old one stays published for a week')
  .option('--leaked', 'the new key signs at once and the old ones are believed no longer')
  .action(
    run(async (options) => {
      const { keysRotate } = await import('./keys.ts');
      return configured((config) => keysRotate(config, options));
    }),
  );

const passback = program.command('passback').description('grades on their way to the gradebooks');
passback
  .command('list')
  .description('what waits or needs attention, how long, and why')
  .option('--all', 'also what was delivered')
  .action(
    run(async (options) => {
      const { passbackList } = await import('./passback.ts');
      return configured((config) => passbackList(config, options));
    }),
  );
passback
  .command('retry [activity] [user]')
  .description('send what waits or needs attention now')
  .option('--all', 'everything that waits or needs attention')
  .action(
    run(async (activity, user, options) => {
      const { passbackRetry } = await import('./passback.ts');
      return configured((config) => passbackRetry(config, activity, user, options));
    }),
  );
passback
  .command('reconcile')
  .description('compare with what the gradebooks show')
  .option('--resend', 'send again what a gradebook took and does not show')
  .action(
    run(async (options) => {
      const { passbackReconcile } = await import('./passback.ts');
      return configured((config) => passbackReconcile(config, options));
    }),
  );

program
  .command('roster')
  .description('class lists')
  .command('fetch <platform-id> <context-id>')
  .description('read the class list of a course from the LMS now')
  .action(
    run(async (platformId, contextId) => {
      const { rosterFetch } = await import('./roster-fetch.ts');
      return configured((config) => rosterFetch(config, platformId, contextId));
    }),
  );

program
  .command('launch')
  .description('launches from the LMS')
  .command('log')
  .description('what was checked of the last launches (30 days are kept)')
  .option('--platform <id>', 'of one LMS only')
  .addOption(new Option('--limit <count>', 'how many').default(50).argParser(count))
  .action(
    run(async (options) => {
      const { launchLog } = await import('./launch-log.ts');
      return configured((config) => launchLog(config, options));
    }),
  );

program
  .command('records')
  .description('certifications that a board has already')
  .command('import <file.csv>')
  .description(
    'record them from a spreadsheet: platform,context,link,user,certification,issuedOn,issuer,hours,note',
  )
  .option('--dry-run', 'say what would happen and write nothing')
  .addOption(
    new Option('--language <language>', 'language of the certifications’ names in the records')
      .choices(['en', 'fr'])
      .default('en'),
  )
  .action(
    run(async (file, options) => {
      const { recordsImport } = await import('./records-import.ts');
      return configured((config) => recordsImport(config, file, options));
    }),
  );

const badge = program.command('badge').description('read a badge, and place it');
badge
  .command('read <file-or-url>')
  .description('read and verify')
  .option('--today <day>', 'judge dates as of this day', day)
  .action(
    run(async (source, options) => {
      const { badgeRead } = await import('./badge-read.ts');
      return configured((config) => badgeRead(config, source, options));
    }),
  );
badge
  .command('classify [file-or-url]')
  .description('read, then place against the sector’s list')
  .option('--sector <id>', 'sector of the student')
  .option('--batch <file>', 'a file of {"id","sector","facts"} lines')
  .option('--today <day>', 'judge dates as of this day', day)
  .action(
    run(async (source, options) => {
      const { badgeClassify } = await import('./badge-classify.ts');
      return configured((config) => badgeClassify(config, source, options));
    }),
  );

const rules = program.command('rules').description('the sector rules');
rules
  .command('check')
  .description('validate the configuration folder')
  .action(run(async () => configured((await import('./rules-check.ts')).rulesCheck)));
rules
  .command('show <sector>')
  .description('one sector as a table')
  .action(
    run(async (sector) => {
      const { rulesShow } = await import('./rules-show.ts');
      return configured((config) => rulesShow(config, sector));
    }),
  );

program
  .command('backup <file>')
  .description('a consistent copy of the embedded store, also while the server runs')
  .action(
    run(async (file) => {
      const { backup } = await import('./backup.ts');
      return configured((config) => backup(config, file));
    }),
  );
program
  .command('restore <file>')
  .description('put a copy back, with the server stopped; what was there stays beside it')
  .action(
    run(async (file) => {
      const { restore } = await import('./backup.ts');
      return configured((config) => restore(config, file));
    }),
  );
program
  .command('migrate')
  .description('copy everything to another store and compare; safe to run again')
  .requiredOption('--from <store>', 'sqlite:<path> or mongodb://…')
  .requiredOption('--to <store>', 'sqlite:<path> or mongodb://…')
  .action(run(async (options) => (await import('./migrate.ts')).migrate(options)));

rules
  .command('diff <old-folder> [new-folder]')
  .description(
    'what changes from one configuration folder to another (or to the one in use), and for which waiting submissions',
  )
  .action(
    run(async (oldFolder, newFolder) => {
      const { rulesDiff } = await import('./rules-diff.ts');
      return configured((config) => rulesDiff(config, oldFolder, newFolder));
    }),
  );

program
  .command('doctor')
  .description('check the installation and say what is wrong')
  .action(run(async () => (await import('./doctor.ts')).doctor()));

// `--json` may stand before or after the command.
const args = process.argv.slice(2);
const ordered = args.includes('--json') ? ['--json', ...args.filter((arg) => arg !== '--json')] : args;
try {
  await program.parseAsync(ordered, { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
