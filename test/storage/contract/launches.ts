import { expect, test } from 'vitest';
import { aLogin, aSession, aViewer, HOUR, MINUTE, NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

export function launchContract(open: Open): void {
  test('a login is kept whole, open and spent', async () => {
    const store = await open();
    expect(await store.login('state-hash-1')).toBeNull();
    await store.openLogin(aLogin());
    expect(await store.login('state-hash-1')).toEqual(aLogin());
    expect(await store.spendLogin('state-hash-1', NOW + SECOND)).toBe(true);
    expect(await store.login('state-hash-1')).toEqual(aLogin({ spentAt: NOW + SECOND }));
  });

  test('a login is spent by exactly one of many callers', async () => {
    const stores = [await open(), await open()];
    await stores[0]?.openLogin(aLogin());
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => stores[n % 2]?.spendLogin('state-hash-1', NOW + n)),
    );
    expect(answers.filter((answer) => answer === true)).toHaveLength(1);
    const winner = answers.indexOf(true);
    expect(await stores[1]?.login('state-hash-1')).toEqual(aLogin({ spentAt: NOW + winner }));
  });

  test('an unknown login cannot be spent', async () => {
    const store = await open();
    await store.openLogin(aLogin());
    expect(await store.spendLogin('state-hash-2', NOW)).toBe(false);
  });

  test('a session is kept whole, with and without what the LMS shares', async () => {
    const store = await open();
    const bare = aSession({
      idHash: 'session-hash-2',
      viewer: aViewer({ role: 'teacher', name: null, email: null, locale: 'fr' }),
    });
    const picking = aSession({
      idHash: 'session-hash-4',
      picking: {
        id: 'picking-1',
        platformId: 'platform-1',
        deploymentId: 'deployment-1',
        courseName: 'SHSM',
        settings: {
          returnUrl: 'https://lms.example.test/dl?a=$b',
          acceptTypes: ['ltiResourceLink'],
          documentTargets: [],
          acceptLineItem: true,
          title: null,
          text: null,
          data: '{"csrf":"$x"}',
        },
      },
    });
    await store.openSession(aSession());
    await store.openSession(bare);
    await store.openSession(picking);
    expect(await store.session('session-hash-4')).toEqual(picking);
    expect(await store.session('session-hash-1')).toEqual(aSession());
    expect(await store.session('session-hash-2')).toEqual(bare);
    expect(await store.session('session-hash-3')).toBeNull();
  });

  test('a session is given back after its end: the caller judges the times', async () => {
    const store = await open();
    const ended = aSession({ expiresAt: NOW - 10 * HOUR });
    await store.openSession(ended);
    expect(await store.session('session-hash-1')).toEqual(ended);
  });

  test('seeing a session again moves its last sight forward, never back', async () => {
    const store = await open();
    await store.openSession(aSession());
    await store.touchSession('session-hash-1', NOW + MINUTE);
    await store.touchSession('session-hash-1', NOW + SECOND);
    expect(await store.session('session-hash-1')).toEqual(aSession({ lastSeenAt: NOW + MINUTE }));
  });

  test('the language of a session changes and nothing else does', async () => {
    const store = await open();
    await store.openSession(aSession());
    await store.openSession(aSession({ idHash: 'session-hash-2' }));
    await store.setSessionLocale('session-hash-1', 'fr');
    expect(await store.session('session-hash-1')).toEqual(aSession({ viewer: aViewer({ locale: 'fr' }) }));
    expect(await store.session('session-hash-2')).toEqual(aSession({ idHash: 'session-hash-2' }));
  });

  test('a closed session is gone, and what no longer exists can be touched without harm', async () => {
    const store = await open();
    await store.openSession(aSession());
    await store.closeSession('session-hash-1');
    await store.closeSession('session-hash-1');
    await store.touchSession('session-hash-1', NOW);
    await store.setSessionLocale('session-hash-1', 'fr');
    expect(await store.session('session-hash-1')).toBeNull();
  });

  test('the purge takes logins and sessions that ended before the moment given, and counts them', async () => {
    const store = await open();
    await store.openLogin(aLogin({ stateHash: 'old-open', expiresAt: NOW - 1 }));
    await store.openLogin(aLogin({ stateHash: 'old-spent', expiresAt: NOW - 1, spentAt: NOW - MINUTE }));
    await store.openLogin(aLogin({ stateHash: 'kept', expiresAt: NOW }));
    await store.openSession(aSession({ idHash: 'old', expiresAt: NOW - 1 }));
    await store.openSession(aSession({ idHash: 'kept', expiresAt: NOW }));
    expect(await store.purgeLaunches(NOW)).toBe(3);
    expect(await store.purgeLaunches(NOW)).toBe(0);
    expect(await Promise.all(['old-open', 'old-spent'].map((hash) => store.login(hash)))).toEqual([
      null,
      null,
    ]);
    expect(await store.session('old')).toBeNull();
    expect(await store.login('kept')).toEqual(aLogin({ stateHash: 'kept', expiresAt: NOW }));
    expect(await store.session('kept')).toEqual(aSession({ idHash: 'kept', expiresAt: NOW }));
  });
}
