/** The part of ltijs 5.9.9 that `provider.ts` uses; the package ships no types. */
declare module 'ltijs' {
  import type { KeyObject } from 'node:crypto';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type LtijsQuery = Readonly<Record<string, unknown>>;

  /** The Database plugin interface. `Get` answers a non-empty list or false. */
  export interface LtijsDatabase {
    setup(): Promise<boolean>;
    Close(): Promise<boolean>;
    Get(key: string | false, collection: string, query?: LtijsQuery): Promise<readonly unknown[] | false>;
    Insert(key: string | false, collection: string, item: unknown, index?: unknown): Promise<boolean>;
    Replace(
      key: string | false,
      collection: string,
      query: LtijsQuery,
      item: unknown,
      index?: unknown,
    ): Promise<boolean>;
    Modify(
      key: string | false,
      collection: string,
      query: LtijsQuery,
      modification: unknown,
    ): Promise<boolean>;
    Delete(collection: string, query: LtijsQuery): Promise<boolean>;
  }

  export interface LtijsPlatform {
    platformUrl(): Promise<string>;
    platformClientId(): Promise<string>;
    platformKid(): Promise<string>;
    platformPrivateKey(): Promise<string>;
    platformAccessTokenEndpoint(): Promise<string>;
    platformAuthorizationServer(): Promise<string>;
  }

  type Refused = (
    req: IncomingMessage,
    res: ServerResponse & { locals: { err?: { details?: { message?: string } } } },
  ) => unknown;
  type Connected = (token: unknown, req: IncomingMessage, res: ServerResponse) => unknown;

  export class LtijsProvider {
    app: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;
    setup(
      key: KeyObject,
      database: { readonly plugin: LtijsDatabase },
      options: {
        readonly appRoute: string;
        readonly ltiaas: true;
        readonly cors: false;
        readonly devMode: false;
        readonly tokenMaxAge: false;
      },
    ): this;
    onConnect(callback: Connected): true;
    onDeepLinking(callback: Connected): true;
    onInvalidToken(callback: Refused): true;
    getPlatform(issuer: string, clientId: string): Promise<LtijsPlatform | false>;
  }

  /** A ready-made instance; its constructor makes more. */
  export const Provider: LtijsProvider;
}
