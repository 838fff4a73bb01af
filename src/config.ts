import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

const empty = (value: unknown) => (value === '' ? undefined : value);
const address = (protocols: readonly string[]) =>
  z.string().refine(
    (value) => {
      const url = URL.parse(value);
      return url !== null && protocols.includes(url.protocol) && url.username === '' && url.password === '';
    },
    {
      error: `must be an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}, without a password`,
    },
  );
const webAddress = address(['http:', 'https:']);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(empty, type.nullable().default(null));

const DATABASE = /^(sqlite:.+|mongodb(\+srv)?:\/\/.+)$/;

/** One entry a variable: its check, its default and what it means. The README's table and `.env.example` follow it. */
const variables = {
  NODE_ENV: z.preprocess(empty, z.enum(['development', 'production', 'test']).default('development')),
  SHSM_PUBLIC_URL: z.preprocess(
    empty,
    webAddress
      .refine((value) => /^\/?$/.test(URL.parse(value)?.pathname ?? ''), {
        error: 'must be an address without a path, such as https://badges.board.example',
      })
      .default('http://localhost:3000'),
  ),
  SHSM_HOST: z.preprocess(empty, z.string().default('127.0.0.1')),
  SHSM_PORT: z.preprocess(
    empty,
    z.coerce
      .number({ error: 'must be a number' })
      .int({ error: 'must be a whole number' })
      .min(0, { error: 'must be 0 or more' })
      .max(65_535, { error: 'must be 65535 or less' })
      .default(3000),
  ),
  SHSM_DATABASE: z.preprocess(
    empty,
    z
      .string()
      .regex(DATABASE, {
        error: 'must be sqlite:<path>, mongodb://… or mongodb+srv://…',
      })
      .default('sqlite:./data/shsm.db'),
  ),
  SHSM_SECRET: optional(
    z.string().min(32, { error: 'must be at least 32 bytes; try: openssl rand -base64 48' }),
  ),
  SHSM_SECRET_OLD: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((secret) => secret.trim())
        .filter((secret) => secret !== ''),
    )
    .refine((secrets) => secrets.every((secret) => secret.length >= 32), {
      error: 'must be a comma list of secrets of at least 32 bytes',
    }),
  SHSM_CONFIG_DIR: z.preprocess(
    empty,
    z
      .string()
      .default(join(import.meta.dirname, '..', 'config'))
      .refine((dir) => existsSync(join(dir, 'sectors')), { error: 'must be a folder that holds sectors/' }),
  ),
  SHSM_OUTBOUND: z.preprocess(empty, z.enum(['on', 'off'], { error: 'must be on or off' }).default('on')),
  SHSM_OUTBOUND_PROXY: optional(address(['http:'])),
  SHSM_ALLOW_PRIVATE_HOSTS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    )
    .refine((hosts) => hosts.every((host) => /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.test(host)), {
      error: 'must be a comma list of host or host:port',
    }),
  SHSM_METRICS_TOKEN: optional(z.string().min(16, { error: 'must be at least 16 characters' })),
};

export type Config = {
  readonly production: boolean;
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly database:
    | { readonly kind: 'sqlite'; readonly path: string }
    | { readonly kind: 'mongodb'; readonly url: string };
  readonly secret: string;
  /** Earlier secrets that may still have sealed or signed something. */
  readonly oldSecrets: readonly string[];
  readonly configDir: string;
  readonly outbound: 'on' | 'off';
  readonly outboundProxy: string | null;
  readonly allowPrivateHosts: readonly string[];
  readonly metricsToken: string | null;
};

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One line a mistake, each naming the variable. Values are not repeated: they may be secrets. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the whole configuration at once, from the environment and a `.env` file beside it. The only reader of both. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = environment()): ConfigResult {
  const parsed = z.object(variables).safeParse(env);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const production = env['NODE_ENV'] === 'production';
  if (production) problems.push(...productionProblems(env));
  if (!parsed.success || problems.length > 0) return { ok: false, problems };

  const read = parsed.data;
  const database = parseDatabase(read.SHSM_DATABASE);
  if (database === null) return { ok: false, problems: ['SHSM_DATABASE: names no store'] };
  const secret = read.SHSM_SECRET ?? developmentSecret(database);
  if (secret === null)
    return { ok: false, problems: ['SHSM_DATABASE: the folder of the database cannot be read and written'] };
  return {
    ok: true,
    config: {
      production,
      publicUrl: new URL(read.SHSM_PUBLIC_URL).origin,
      host: read.SHSM_HOST,
      port: read.SHSM_PORT,
      database,
      secret,
      oldSecrets: read.SHSM_SECRET_OLD,
      configDir: resolve(read.SHSM_CONFIG_DIR),
      outbound: read.SHSM_OUTBOUND,
      outboundProxy: read.SHSM_OUTBOUND_PROXY,
      allowPrivateHosts: read.SHSM_ALLOW_PRIVATE_HOSTS,
      metricsToken: read.SHSM_METRICS_TOKEN,
    },
  };
}

/** The environment, with a `.env` file of the working folder beneath it. */
export function environment(): Readonly<Record<string, string | undefined>> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

function productionProblems(env: Readonly<Record<string, string | undefined>>): string[] {
  const problems: string[] = [];
  if (!env['SHSM_SECRET'])
    problems.push('SHSM_SECRET: is required in production; try: openssl rand -base64 48');
  if (!env['SHSM_PUBLIC_URL']?.startsWith('https://'))
    problems.push('SHSM_PUBLIC_URL: must start with https:// in production');
  for (const name of Object.keys(env))
    if (/^SHSM_GOOGLE_.*(_URL|_ISSUER)$/.test(name) && env[name])
      problems.push(`${name}: is for development and tests only; remove it in production`);
  return problems;
}

const KNOWN_ELSEWHERE = /^SHSM_(GOOGLE_|TEST_)/;

/** A misspelt name would be a setting that silently does nothing: the start and `doctor` name it. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return Object.keys(env).filter(
    (name) => name.startsWith('SHSM_') && !(name in variables) && !KNOWN_ELSEWHERE.test(name),
  );
}

/** null for what names no store. */
export function parseDatabase(value: string): Config['database'] | null {
  if (!DATABASE.test(value)) return null;
  return value.startsWith('sqlite:')
    ? { kind: 'sqlite', path: value.slice('sqlite:'.length) }
    : { kind: 'mongodb', url: value };
}

/** Kept beside the database so that a restart does not make the stored keys unreadable; null where nothing can be kept. */
function developmentSecret(database: Config['database']): string | null {
  if (database.kind === 'mongodb')
    return createHash('sha256').update(`development only ${database.url}`).digest('base64');
  if (database.path === ':memory:') return randomBytes(48).toString('base64');
  const file = join(dirname(resolve(database.path)), 'development-secret');
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    mkdirSync(dirname(file), { recursive: true });
    const secret = randomBytes(48).toString('base64');
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
    return secret;
  } catch {
    return null;
  }
}
