import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreOpenError } from '../../src/domain/errors.ts';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import { aChange, aMember, anActivity, NOW, someEvidence } from '../support/build.ts';
import { describeWithMongo } from '../support/mongo.ts';

const AUTHORITY = join(import.meta.dirname, '../support/tls/authority.pem');
const CERTIFICATE = join(import.meta.dirname, '../support/tls/server.pem');
const PASSWORD = 'p@ss/w:rd?#';
const TLS = `tls=true&tlsCAFile=${encodeURIComponent(AUTHORITY)}`;

await describeWithMongo('a MongoDB that wants a user, a password and TLS', ({ binary }) => {
  const folder = mkdtempSync(join(tmpdir(), 'shsm-secured-'));
  let server: ChildProcess;
  let port: number;
  const address = (user: string, options = TLS) =>
    `mongodb://${user}@localhost:${port}/shsm?replicaSet=rs0&${options}`;
  const tool = `tool:${encodeURIComponent(PASSWORD)}`;

  beforeAll(async () => {
    if (binary === null) throw new Error('a server of our own needs a mongod, not only an address');
    port = await freePort();
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, randomBytes(48).toString('base64'), { mode: 0o600 });
    server = spawn(
      binary,
      [
        ...['--dbpath', folder, '--port', String(port), '--bind_ip', 'localhost', '--nounixsocket'],
        ...['--replSet', 'rs0', '--keyFile', keyFile, '--tlsMode', 'requireTLS'],
        ...['--tlsCertificateKeyFile', CERTIFICATE, '--tlsCAFile', AUTHORITY],
        '--tlsAllowConnectionsWithoutCertificates',
      ],
      { stdio: 'ignore' },
    );
    await initiate(port);
  });
  afterAll(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test('is opened with the rights on its own database, and keeps what it is given', async () => {
    const store = await openMongoStore({ url: address(tool) });
    await store.recordLaunch(anActivity(), aMember());
    const change = aChange({ evidence: someEvidence() });
    expect(await store.saveSubmission(change, NOW)).toBe('saved');
    expect(await store.evidence('evidence-1')).toEqual(change.evidence);
    await store.close();
  });

  test.each<[string, () => string, StoreOpenError['reason'], RegExp]>([
    ['a wrong password', () => address('tool:wrong'), 'not-writable', /does not accept the user name/],
    ['a user who may only read', () => address('reader:reader'), 'not-writable', /gives that user no rights/],
    [
      'an authority that is not trusted',
      () => address(tool, 'tls=true'),
      'unreachable',
      /NODE_EXTRA_CA_CERTS/,
    ],
    ['no TLS', () => address(tool, 'tls=false'), 'unreachable', /want tls=true/],
    [
      'a file that is not there',
      () => address(tool, 'tls=true&tlsCAFile=/nowhere.pem'),
      'not-a-database',
      /cannot be read: \/nowhere\.pem/,
    ],
    ['an @ in the password', () => address('tool:p@ss'), 'not-a-database', /%40/],
  ])('%s is refused with what to do, and without the password', async (_, url, reason, words) => {
    const refusal = await openMongoStore({ url: url(), patienceMs: 1_000 }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreOpenError);
    const { reason: said, message } = refusal as StoreOpenError;
    expect([said, message]).toEqual([reason, expect.stringMatching(words)]);
    expect(message).toContain(`mongodb://localhost:${port}/shsm: `);
  });
});

/** A replica set of one, a user who may write to the tool's database, and one who may only read it. */
async function initiate(port: number): Promise<void> {
  const local = `mongodb://localhost:${port}/?directConnection=true&${TLS}`;
  const first = await createConnection(local, { serverSelectionTimeoutMS: 30_000 }).asPromise();
  const admin = first.getClient().db('admin');
  await admin.command({
    replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: `localhost:${port}` }] },
  });
  while (!(await admin.command({ hello: 1 }))['isWritablePrimary'])
    await new Promise((resolve) => setTimeout(resolve, 100));
  await admin.command({ createUser: 'root', pwd: 'root', roles: ['root'] });
  await first.close();

  const asRoot = await createConnection(local.replace('mongodb://', 'mongodb://root:root@')).asPromise();
  const shsm = asRoot.getClient().db('shsm');
  const on = (role: string) => [{ role, db: 'shsm' }];
  await shsm.command({ createUser: 'tool', pwd: PASSWORD, roles: on('readWrite') });
  await shsm.command({ createUser: 'reader', pwd: 'reader', roles: on('read') });
  await asRoot.close();
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, 'localhost');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
