import { loadMessages } from '../catalogue/load-messages.ts';
import { loadRules } from '../catalogue/load-rules.ts';
import { type Config, readConfig, unknownSettings } from '../config.ts';
import { openStore } from '../open-store.ts';
import type { Answer } from './command.ts';

type Finding = { readonly check: string; readonly result: 'pass' | 'warn' | 'fail'; readonly detail: string };

/** Looks at the installation from configuration to storage, and says for each thing what is wrong and what to do. */
export async function doctor(): Promise<Answer> {
  const findings: Finding[] = [];
  const read = readConfig();
  if (!read.ok)
    findings.push(
      ...read.problems.map((detail) => ({ check: 'configuration', result: 'fail' as const, detail })),
    );
  for (const name of unknownSettings())
    findings.push({
      check: 'configuration',
      result: 'warn',
      detail: `${name} is not a setting; see .env.example`,
    });
  if (read.ok) {
    findings.push({ check: 'configuration', result: 'pass', detail: 'every setting can be used' });
    findings.push(...safety(read.config), ...catalogue(read.config), ...(await storage(read.config)));
  }
  const failed = findings.some((finding) => finding.result === 'fail');
  const mark = { pass: 'ok  ', warn: 'look', fail: 'BAD ' };
  return {
    code: !read.ok ? 2 : failed ? 1 : 0,
    data: { healthy: !failed, findings },
    text: findings.map((f) => `${mark[f.result]}  ${f.check}: ${f.detail}`).join('\n'),
  };
}

function safety(config: Config): Finding[] {
  if (config.production) return [{ check: 'mode', result: 'pass', detail: 'production, every safety on' }];
  return [
    { check: 'mode', result: 'warn', detail: 'development: set NODE_ENV=production before students use it' },
  ];
}

function catalogue(config: Config): Finding[] {
  const rules = loadRules(config.configDir);
  const messages = loadMessages(config.configDir);
  const onlyIn = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].filter((key) => !b.has(key));
  const missing = [
    ...onlyIn(messages.keys.en, messages.keys.fr),
    ...onlyIn(messages.keys.fr, messages.keys.en),
  ];
  return [
    rules.ok
      ? {
          check: 'rules',
          result: 'pass',
          detail: `${rules.rules.sectors.length} sectors, version ${rules.rules.version}`,
        }
      : {
          check: 'rules',
          result: 'fail',
          detail: `${rules.problems.length} mistakes; see shsm-badges rules check`,
        },
    missing.length === 0
      ? { check: 'texts', result: 'pass', detail: `${messages.keys.en.size} texts in both languages` }
      : {
          check: 'texts',
          result: 'fail',
          detail: `missing in one language: ${missing.slice(0, 5).join(', ')}`,
        },
  ];
}

async function storage(config: Config): Promise<Finding[]> {
  try {
    const store = await openStore(config.database);
    try {
      await store.ping();
      const platforms = await store.platforms();
      const parked = await store.cells({ status: 'parked' });
      const oldest = await store.oldestDue(Date.now());
      const minutes = oldest === null ? 0 : Math.floor((Date.now() - oldest) / 60_000);
      return [
        { check: 'storage', result: 'pass', detail: 'can be read and written' },
        platforms.length === 0
          ? {
              check: 'platforms',
              result: 'warn',
              detail: 'no LMS is registered yet; see shsm-badges platform add --help',
            }
          : { check: 'platforms', result: 'pass', detail: `${platforms.length} registered` },
        parked.length === 0
          ? { check: 'gradebook', result: 'pass', detail: 'no delivery needs attention' }
          : { check: 'gradebook', result: 'fail', detail: `${parked.length} deliveries need a person` },
        minutes < 15
          ? { check: 'queue', result: 'pass', detail: 'no grade waits too long' }
          : {
              check: 'queue',
              result: 'fail',
              detail: `a grade has been due for ${minutes} minutes: is the server running?`,
            },
      ];
    } finally {
      await store.close();
    }
  } catch (error) {
    return [
      { check: 'storage', result: 'fail', detail: error instanceof Error ? error.message : String(error) },
    ];
  }
}
