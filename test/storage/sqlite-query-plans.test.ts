import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Connection, connect } from '../../src/storage/sqlite/connection.ts';
import { migrate } from '../../src/storage/sqlite/migrate.ts';
import { storeOver } from '../../src/storage/sqlite/open.ts';

/** Statements that read a whole table, and why that is right. */
const WHOLE: readonly (readonly [RegExp, string])[] = [
  [/FROM migrations/, 'a dozen rows'],
  [/(FROM|UPDATE) (platforms|tool_keys)/, 'a board has a handful'],
  [/launch_notes/, 'never holds more than LAUNCH_NOTES.most'],
  [/FROM gradebook_cells GROUP BY status, platform_id/, 'counts for monitoring, from the index alone'],
  [/SELECT \* FROM gradebook_cells WHERE \(:status IS NULL/, 'the command line and the nightly comparison'],
  [/UPDATE line_items SET .* WHERE lock_owner = :owner/, 'once, when a process ends; a row an activity'],
];

type Plan = { readonly sql: string; readonly steps: readonly string[] };

/** The plan of every statement that the store prepares, on a database as it ships. */
function plans(): readonly Plan[] {
  const connection = connect(':memory:');
  migrate(connection);
  const statements: string[] = [];
  const recording: Connection = {
    ...connection,
    query: (sql, row) => {
      statements.push(sql);
      return connection.query(sql, row);
    },
    command: (sql) => {
      statements.push(sql);
      return connection.command(sql);
    },
  };
  storeOver(recording);
  const found = statements.map((sql) => ({
    sql: sql.replace(/\s+/g, ' ').trim(),
    steps: connection
      .query(`EXPLAIN QUERY PLAN ${sql}`, z.object({ detail: z.string() }))
      .all()
      .map((step) => step.detail),
  }));
  connection.close();
  return found;
}

test('no statement of the embedded store reads a whole table that grows with its users', () => {
  const all = plans();
  expect(all.length).toBeGreaterThan(50);
  const whole = all.filter(({ steps }) =>
    steps.some((step) => /^SCAN (?!json_each|lanes|\(|CONSTANT)/.test(step)),
  );
  expect(whole.filter(({ sql }) => !WHOLE.some(([of]) => of.test(sql)))).toEqual([]);
  expect(WHOLE.filter(([of]) => !whole.some(({ sql }) => of.test(sql)))).toEqual([]);
});

test('a page of a list is read in the order of its index: no statement with a limit sorts', () => {
  const pages = plans().filter(({ sql }) => /FROM submissions .*LIMIT/.test(sql));
  expect(pages.length).toBeGreaterThanOrEqual(4);
  const sorting = pages.filter(({ steps }) => steps.some((step) => step === 'USE TEMP B-TREE FOR ORDER BY'));
  // Accepted badges that changed afterwards are few.
  expect(sorting.filter(({ sql }) => !sql.includes('outcome IN'))).toEqual([]);
});

test('the queue, the class and the deliveries go by the index that was made for them', () => {
  const all = plans();
  const stepOf = (fragment: string) => all.find(({ sql }) => sql.includes(fragment))?.steps[0];
  const course = 'platform_id=? AND deployment_id=? AND context_id=?';
  expect({
    queue: stepOf('state = :state AND (submitted_at, id) >'),
    newest: stepOf('state = :state AND (submitted_at, id) <'),
    counts: stepOf('SELECT state, count(*)'),
    people: stepOf('+state IN'),
    changed: stepOf("state = 'accepted' AND outcome IN"),
    classList: stepOf(
      'SELECT * FROM members WHERE platform_id = :platformId AND deployment_id = :deploymentId AND context_id = :contextId ORDER BY',
    ),
  }).toEqual({
    queue: `SEARCH submissions USING INDEX submissions_by_state (${course} AND state=? AND (submitted_at,id)>(?,?))`,
    newest: `SEARCH submissions USING INDEX submissions_by_state (${course} AND state=? AND (submitted_at,id)<(?,?))`,
    counts: `SEARCH submissions USING COVERING INDEX submissions_by_state (${course})`,
    people: `SEARCH submissions USING INDEX submissions_by_person (${course} AND user_id=?)`,
    changed: `SEARCH submissions USING INDEX submissions_by_outcome (${course} AND outcome=?)`,
    classList: `SEARCH members USING PRIMARY KEY (${course})`,
  });
});
