import { DatabaseSync } from 'node:sqlite';
import type { LtijsDatabase, LtijsQuery } from 'ltijs';

/** What ltijs looks documents of a collection up by: an index each, as its own MongoDB schemas have. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  idtoken: ['iss', 'clientId', 'deploymentId', 'user'],
  contexttoken: ['contextId', 'user'],
  platform: ['platformUrl', 'clientId'],
  platformStatus: ['id'],
  privatekey: ['kid'],
  publickey: ['kid'],
  accesstoken: ['platformUrl', 'clientId', 'scopes'],
  nonce: ['nonce'],
  state: ['state'],
};

/**
 * ltijs's documented database plug-in over SQLite, as lean as it can be (nothing is encrypted, nothing expires) and as durable
 * as the tool's own store.
 */
export function createSqlitePlugin(path: string): LtijsDatabase {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  for (const [collection, keys] of Object.entries(KEYS)) {
    database.exec(`CREATE TABLE ${collection} (document TEXT NOT NULL) STRICT`);
    const paths = keys.map((key) => `document ->> '$.${key}'`).join(', ');
    database.exec(`CREATE INDEX ${collection}_keys ON ${collection} (${paths})`);
  }
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const where = (query: LtijsQuery) =>
    Object.keys(query).length === 0
      ? ''
      : ` WHERE ${Object.keys(query)
          .map((key) => `document ->> '$.${key}' = ?`)
          .join(' AND ')}`;
  const values = (query: LtijsQuery) => Object.values(query).map(String);
  const insert = (collection: string, item: unknown, index: unknown) =>
    prepared(`INSERT INTO ${collection} (document) VALUES (?)`).run(
      JSON.stringify({ ...(item as object), ...(index as object | undefined) }),
    );

  return {
    setup: async () => true,
    Close: async () => true,
    async Get(_key, collection, query = {}) {
      const found = prepared(`SELECT document FROM ${collection}${where(query)}`).all(...values(query));
      return found.length > 0 && found.map((row) => JSON.parse(String(row['document'])) as unknown);
    },
    async Insert(_key, collection, item, index) {
      insert(collection, item, index);
      return true;
    },
    async Replace(_key, collection, query, item, index) {
      const changed = prepared(`UPDATE ${collection} SET document = ?${where(query)}`).run(
        JSON.stringify({ ...(item as object), ...(index as object | undefined) }),
        ...values(query),
      );
      if (changed.changes === 0) insert(collection, item, index);
      return true;
    },
    async Modify(_key, collection, query, modification) {
      prepared(`UPDATE ${collection} SET document = json_patch(document, ?)${where(query)}`).run(
        JSON.stringify(modification),
        ...values(query),
      );
      return true;
    },
    async Delete(collection, query) {
      prepared(`DELETE FROM ${collection}${where(query)}`).run(...values(query));
      return true;
    },
  };
}
