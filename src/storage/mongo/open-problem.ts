import { mongo } from 'mongoose';
import { StoreOpenError } from '../../domain/errors.ts';
import { isAway } from './mongo-failure.ts';

/** What kept the store from opening, as one line for the operator that repeats no password; anything else as it was. */
export function openProblem(url: string, error: unknown): unknown {
  const refuse = (reason: StoreOpenError['reason'], sentence: string) =>
    new StoreOpenError(reason, `Cannot open the database ${withoutSecrets(url)}: ${sentence}`, {
      cause: error,
    });
  if (error instanceof StoreOpenError) return refuse(error.reason, error.message);
  // Unauthorized and AuthenticationFailed.
  if (error instanceof mongo.MongoServerError && [13, 18].includes(Number(error.code)))
    return refuse(
      'not-writable',
      'the server does not accept the user name and password, or gives that user no rights.',
    );
  if (hasRawCharacters(url))
    return refuse(
      'not-a-database',
      'in a user name or password the characters : / ? # [ ] @ % are written as %3A %2F %3F %23 %5B %5D %40 %25.',
    );
  if (isDistrusted(error))
    return refuse(
      'unreachable',
      'the certificate of the server is not one that this machine trusts, or not of that name. Name the file of the authority that signed it in NODE_EXTRA_CA_CERTS, or as tlsCAFile=<file> in the address.',
    );
  if (isAway(error))
    return refuse(
      'unreachable',
      'no primary server answers; check the addresses, the network, the state of the replica set, and whether the servers want tls=true in the address.',
    );
  // tlsCAFile and tlsCertificateKeyFile.
  if (isFileError(error))
    return refuse('not-a-database', `a file that the address names cannot be read: ${error.path}.`);
  // Before the first answer the driver only complains of what it was told.
  if (error instanceof mongo.MongoDriverError || isUnreadableAddress(error))
    return refuse(
      'not-a-database',
      'this address cannot be used; it should read mongodb://host:port,…/name.',
    );
  return error;
}

/**
 * `mongodb://host,host/name`: no user, no password, no options. A password may hold anything when somebody forgot to write
 * it as it must be, so only what is behind the last @ is shown.
 */
function withoutSecrets(url: string): string {
  const scheme = /^mongodb(?:\+srv)?:\/\//.exec(url)?.[0] ?? '';
  const rest = url.slice(scheme.length);
  const beforeOptions = rest.split('?')[0] ?? '';
  const shown = beforeOptions.includes('@') ? beforeOptions : rest;
  return scheme + shown.slice(shown.lastIndexOf('@') + 1).split('?')[0];
}

/** An @ that is not the one before the hosts. */
function hasRawCharacters(url: string): boolean {
  const [authority = '', ...path] = (url.split('://')[1]?.split('?')[0] ?? '').split('/');
  return authority.split('@').length > 2 || path.join('/').includes('@');
}

/** A chain that ends at no authority we know, another name, or a certificate that is over (nodejs.org/api/tls.html). */
const DISTRUSTED =
  /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_(?:HAS_EXPIRED|UNTRUSTED)|ALTNAME_INVALID/;

function isDistrusted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const servers: unknown = 'reason' in error ? Reflect.get(Object(error.reason), 'servers') : null;
  const reasons = servers instanceof Map ? [...servers.values()].map((server) => server.error) : [];
  return [error, ...reasons].some((one) => {
    for (let cause: unknown = one; cause instanceof Error; cause = cause.cause)
      if ('code' in cause && DISTRUSTED.test(String(cause.code))) return true;
    return false;
  });
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

/** The driver reads addresses with a package of its own, whose errors are no kind of the driver's. */
function isUnreadableAddress(error: unknown): boolean {
  return error instanceof Error && error.name === 'MongoParseError';
}
