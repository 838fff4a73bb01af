import { Provider } from 'ltijs';
import { createSqlitePlugin } from './ltijs-sqlite.ts';

/** What its documentation uses of ltijs. */
type Documented = {
  setup(key: string, database: object, options: object): void;
  onConnect(callback: (token: unknown, req: unknown, res: { send(body: string): void }) => void): void;
  deploy(options: object): Promise<void>;
  registerPlatform(registration: object): Promise<unknown>;
};

// ltijs alone, as its quick start shows (https://cvmcosta.github.io/ltijs/#/?id=quick-start).
const lti = Provider as unknown as Documented;
const { BENCH_PORT = '', BENCH_STORE = '', BENCH_PLATFORM = '' } = process.env;
const database = BENCH_STORE.startsWith('sqlite:')
  ? { plugin: createSqlitePlugin(BENCH_STORE.slice('sqlite:'.length)) }
  : { url: BENCH_STORE };

lti.setup('the key of the bench', database, {
  appRoute: '/',
  loginRoute: '/login',
  cookies: { secure: false, sameSite: '' },
  devMode: false,
});
lti.onConnect((_token, _req, res) => res.send("It's alive!"));
await lti.deploy({ port: Number(BENCH_PORT), silent: true });
await lti.registerPlatform({
  url: BENCH_PLATFORM,
  name: 'Platform of the bench',
  clientId: 'bench-client',
  authenticationEndpoint: `${BENCH_PLATFORM}/auth`,
  accesstokenEndpoint: `${BENCH_PLATFORM}/token`,
  authConfig: { method: 'JWK_SET', key: `${BENCH_PLATFORM}/jwks` },
});
process.send?.('ready');
