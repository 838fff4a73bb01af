#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { badgeClassify } from './badge-classify.ts';
import { badgeRead } from './badge-read.ts';
import { type Answer, configured, print } from './command.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { platformAdd, platformApproveDeployment, platformList, platformStatus } from './platform.ts';
import { rulesCheck } from './rules-check.ts';
import { rulesShow } from './rules-show.ts';
import { serve } from './serve.ts';

const program = new Command('shsm-badges')
  .description('SHSM certifications and digital badges inside the LMS.')
  .option('--json', 'print one JSON document on stdout; logs go to stderr')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(add --help for what this command takes)');

/** Runs a command, prints what it answers, and ends with its exit code: 0 done, 1 the thing asked about is bad, 2 wrong use. */
const run =
  <A extends unknown[]>(command: (...args: A) => Promise<Answer>) =>
  async (...args: A): Promise<void> => {
    const answer = await command(...args);
    await print(answer, program.opts()['json'] === true);
    process.exitCode = answer.code;
  };

const day = (value: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new InvalidArgumentError('must be a day such as 2026-11-22');
  return value;
};

program
  .command('serve')
  .description('run the server')
  .action(run(() => configured(serve)));

program
  .command('demo')
  .description('run the server with a local LMS and a seeded course')
  .option('--lms-port <port>', 'port of the local LMS', '3001')
  .action(run((options) => demo(options)));

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
  .action(run((options) => configured((config) => platformAdd(config, options))));
platform.command('list').action(run(() => configured(platformList)));
for (const status of ['enable', 'disable'] as const)
  platform
    .command(`${status} <id>`)
    .action(run((id) => configured((config) => platformStatus(config, id, status))));
platform
  .command('approve-deployment <id> <deployment>')
  .action(run((id, deployment) => configured((config) => platformApproveDeployment(config, id, deployment))));

const badge = program.command('badge').description('read a badge, and place it');
badge
  .command('read <file-or-url>')
  .description('read and verify')
  .option('--today <day>', 'judge dates as of this day', day)
  .action(run((source, options) => configured((config) => badgeRead(config, source, options))));
badge
  .command('classify [file-or-url]')
  .description('read, then place against the sector’s list')
  .option('--sector <id>', 'sector of the student')
  .option('--batch <file>', 'a file of {"id","sector","facts"} lines')
  .option('--today <day>', 'judge dates as of this day', day)
  .action(run((source, options) => configured((config) => badgeClassify(config, source, options))));

const rules = program.command('rules').description('the sector rules');
rules
  .command('check')
  .description('validate the configuration folder')
  .action(run(() => configured(rulesCheck)));
rules
  .command('show <sector>')
  .description('one sector as a table')
  .action(run((sector) => configured((config) => rulesShow(config, sector))));

program.command('doctor').description('check the installation and say what is wrong').action(run(doctor));

// `--json` may stand before or after the command.
const args = process.argv.slice(2);
const ordered = args.includes('--json') ? ['--json', ...args.filter((arg) => arg !== '--json')] : args;
try {
  await program.parseAsync(ordered, { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
