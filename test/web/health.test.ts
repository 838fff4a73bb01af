import express from 'express';
import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { type Health, healthRoutes } from '../../src/web/health.ts';

const TOKEN = 'a token of sixteen or more characters';

function client(over: Partial<Health> = {}) {
  const app = express();
  app.use(
    healthRoutes({
      ready: async () => ({ ok: true, problems: [] }),
      metrics: async () => 'shsm_gradebook_cells{status="pending"} 3\n',
      metricsToken: null,
      ...over,
    }),
  );
  app.use(((error, _req, res, _next) => {
    res.status(error instanceof AppError ? 404 : 500).end();
  }) as express.ErrorRequestHandler);
  return supertest(app);
}

test('alive is alive, whatever the storage does', async () => {
  const answer = await client({ ready: () => Promise.reject(new Error('gone')) }).get('/healthz');
  expect([answer.status, answer.text]).toEqual([200, 'ok\n']);
});

test('readiness names what is wrong, for the operator', async () => {
  const ready = await client().get('/readyz');
  expect([ready.status, ready.text]).toEqual([200, 'ready\n']);
  const late = await client({ ready: async () => ({ ok: false, problems: ['passback-late'] }) }).get(
    '/readyz',
  );
  expect([late.status, late.text]).toEqual([503, 'passback-late\n']);
});

describe('figures are for this machine and for who has the token', () => {
  test.each<[string, string | null, Record<string, string>, number]>([
    ['from this machine', null, {}, 200],
    ['through a proxy on this machine', null, { 'x-forwarded-for': '203.0.113.9' }, 404],
    [
      'through a proxy, with the token',
      TOKEN,
      { 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${TOKEN}` },
      200,
    ],
    [
      'through a proxy, with another token',
      TOKEN,
      { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer x' },
      404,
    ],
    [
      'through a proxy, with a token where none is set',
      null,
      { forwarded: 'for=203.0.113.9', authorization: 'Bearer x' },
      404,
    ],
  ])('%s', async (_name, metricsToken, headers, status) => {
    const answer = await client({ metricsToken }).get('/metrics').set(headers);
    expect(answer.status).toBe(status);
  });
});
