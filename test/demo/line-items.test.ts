import { beforeEach, describe, expect, test } from 'vitest';
import {
  call,
  type DemoServices,
  LINE_ITEM_JSON,
  SCOPE,
  startDemoServices,
} from '../support/demo-services.ts';

let demo: DemoServices;

beforeEach(async () => {
  demo = await startDemoServices();
  return demo.close;
});

describe('line items', () => {
  const wanted = {
    label: 'First aid',
    scoreMaximum: 5,
    resourceId: 'r-1',
    tag: 'badge',
    resourceLinkId: 'activity-1',
  };

  test('are created, read, changed and deleted', async () => {
    const token = await demo.tool.token(demo.lms, SCOPE.lineItem);
    const created = await call(token, 'POST', demo.lineItems, wanted);
    const url = `${demo.lineItems}/column-2?type_id=1`;
    expect([created.status, created.headers.get('content-type'), created.body]).toEqual([
      201,
      LINE_ITEM_JSON,
      { id: url, ...wanted },
    ]);
    expect((await call(token, 'GET', url)).body).toEqual({ id: url, ...wanted });
    const changed = await call(token, 'PUT', url, { ...wanted, label: 'CPR', scoreMaximum: 8 });
    expect([changed.status, changed.body]).toEqual([
      200,
      { id: url, ...wanted, label: 'CPR', scoreMaximum: 8 },
    ]);
    expect((await call(token, 'DELETE', url)).status).toBe(204);
    expect((await call(token, 'GET', url)).status).toBe(404);
  });

  test.each([
    ['resource_link_id=activity-1', ['column-1', 'column-2']],
    ['resource_id=r-1', ['column-2', 'column-3']],
    ['tag=badge', ['column-2']],
    ['resource_id=r-1&tag=other', ['column-3']],
    ['tag=none', []],
  ])('are found by %s', async (query, ids) => {
    const token = await demo.tool.token(demo.lms, SCOPE.lineItem);
    await call(token, 'POST', demo.lineItems, wanted);
    await call(token, 'POST', demo.lineItems, {
      label: 'CPR',
      scoreMaximum: 1,
      resourceId: 'r-1',
      tag: 'other',
    });
    const found = await call(token, 'GET', `${demo.lineItems}?${query}`);
    expect(found.body.map((item: { id: string }) => new URL(item.id).pathname.split('/').at(-1))).toEqual(
      ids,
    );
  });

  test('come in pages, each naming the next', async () => {
    const token = await demo.tool.token(demo.lms, SCOPE.lineItem);
    for (const label of ['b', 'c']) await call(token, 'POST', demo.lineItems, { label, scoreMaximum: 1 });
    const labels: string[] = [];
    let next: string | null = `${demo.lineItems}?type_id=1&limit=2`;
    while (next !== null) {
      const page: Awaited<ReturnType<typeof call>> = await call(token, 'GET', next);
      labels.push(...page.body.map((item: { label: string }) => item.label));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? null;
    }
    expect(labels).toEqual(['My certifications and badges', 'b', 'c']);
  });

  test.each([
    ['no label', { scoreMaximum: 5 }, LINE_ITEM_JSON, 400],
    ['no maximum', { label: 'a' }, LINE_ITEM_JSON, 400],
    ['a maximum of 0', { label: 'a', scoreMaximum: 0 }, LINE_ITEM_JSON, 400],
    ['a link of another course', { ...wanted, resourceLinkId: 'elsewhere' }, LINE_ITEM_JSON, 404],
    ['plain JSON', wanted, 'application/json', 415],
  ])('with %s are refused', async (_name, body, type, status) => {
    const token = await demo.tool.token(demo.lms, SCOPE.lineItem);
    expect((await call(token, 'POST', demo.lineItems, body, type)).status).toBe(status);
    expect(demo.lms.gradebook.lineItems()).toHaveLength(1);
  });

  test('are not found when the query of their address is lost', async () => {
    const token = await demo.tool.token(demo.lms, SCOPE.lineItem);
    expect((await call(token, 'GET', `${demo.lineItems}/column-1`)).status).toBe(404);
  });
});
