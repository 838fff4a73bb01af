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
  if (isAway(error))
    return refuse(
      'unreachable',
      'no primary server answers; check the addresses, the network and the state of the replica set.',
    );
  // Before the first answer the driver only complains of what it was told.
  if (error instanceof mongo.MongoDriverError || isUnreadableAddress(error))
    return refuse(
      'not-a-database',
      'this address cannot be used; it should read mongodb://host:port,…/name.',
    );
  return error;
}

/** `mongodb://host,host/name`: no user, no password, no options. */
function withoutSecrets(url: string): string {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/)(?:[^/?]*@)?([^?]*).*$/, '$1$2');
}

/** The driver reads addresses with a package of its own, whose errors are no kind of the driver's. */
function isUnreadableAddress(error: unknown): boolean {
  return error instanceof Error && error.name === 'MongoParseError';
}
