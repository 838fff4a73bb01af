import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { createBackground } from './background.ts';
import { placeBy } from './classify/place-by.ts';
import type { Config } from './config.ts';
import type { NewId, Now } from './domain/instant.ts';
import type { Log } from './domain/ports/log.ts';
import type { ReadCredential } from './domain/ports/read-credential.ts';
import type { Store } from './domain/ports/store.ts';
import { housekeeping } from './housekeeping.ts';
import { finish, listen } from './listener.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { createLti } from './lti/create-lti.ts';
import { createAnswerPicking } from './lti/deep-linking.ts';
import { createEgress } from './lti/egress.ts';
import { createGradeServices } from './lti/grade-services.ts';
import { createInvite } from './lti/invites.ts';
import { openStore } from './open-store.ts';
import { createNightly } from './passback/nightly.ts';
import { createWorker } from './passback/worker.ts';
import { reconcileAtNight } from './reconcile-at-night.ts';
import { createRecheckBadges } from './services/recheck-badges.ts';
import { createServices } from './services/services.ts';
import { createVitalSigns } from './vital-signs.ts';
import { createOnLaunch } from './web/on-launch.ts';
import { contextOf, extendContext } from './web/page-context.ts';
import { createPages } from './web/render.ts';
import { createWebServer } from './web/server.ts';
import { createSessions } from './web/session.ts';

const ROOT = join(import.meta.dirname, '..');

export type App = {
  readonly store: Store;
  /** Listens where the configuration says and resolves with the address. */
  readonly listen: () => Promise<string>;
  /** Finishes requests, gives back leases, closes the storage; under ten seconds. */
  readonly stop: () => Promise<void>;
};

export type Overrides = {
  readonly log: Log;
  readonly now?: Now;
  readonly newId?: NewId;
};

/** The whole tool, wired. Tests start it as it ships, on port 0 and with a clock of their own. */
export async function createApp(config: Config, overrides: Overrides): Promise<App> {
  const { log, now = Date.now, newId = () => crypto.randomUUID() } = overrides;
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const store = await openStore(config.database);
  const { rules, rubric, quality, messages } = loadCatalogue(config.configDir);
  const say = messages.say;

  const background = createBackground(log);
  let reader: Promise<ReadCredential> | null = null;
  /** What reads badges loads with the first badge. */
  const readCredential: ReadCredential = async (source, expected) => {
    reader ??= import('./badges/read-badges-for.ts').then(({ readBadgesFor }) =>
      readBadgesFor(config, { now, say }),
    );
    return (await reader)(source, expected);
  };
  const placeCredential = placeBy({ rules, quality, say });
  const services = createServices({
    store,
    rules,
    rubric,
    readCredential,
    placeCredential,
    answerPicking: (...question) => answerPicking(...question),
    probeServices: (...question) => probeServices(...question),
    fetchRoster: (...question) => fetchRoster(...question),
    makeInvite: (chosen) => createInvite({ store, now, newId }, chosen),
    background: background.run,
    now,
    newId,
    say,
    log,
    wakePassback: () => worker.wake(),
  });

  const secrets = [config.secret, ...config.oldSecrets] as const;
  const sessions = createSessions({ store, now, secrets, publicUrl: config.publicUrl });
  const pages = createPages({
    viewsDir: join(ROOT, 'views'),
    words: messages,
    formToken: sessions.formToken,
  });

  const dispatcher = createEgress(config.outboundProxy);
  const lti = await createLti({
    store,
    publicUrl: config.publicUrl,
    secrets,
    production: config.production,
    version,
    dispatcher,
    now,
    newId,
    log,
    pages: {
      requestIdOf: (res) => contextOf(res).requestId,
      speak: (res, locale) => extendContext(res, { locale }),
      offerReturn: (res, returnUrl) => extendContext(res, { returnUrl }),
      show: (res, view, data, status = 200) => {
        const title = pages.say(contextOf(res).locale, `${view.replaceAll('/', '.')}.title`);
        pages.show(res, view, { title, status }, data);
      },
    },
    onLaunch: createOnLaunch({ services, sessions, pages }),
  });
  const answerPicking = createAnswerPicking({
    identityOf: lti.signingIdentity,
    publicUrl: config.publicUrl,
    now,
    newId,
  });
  const { sendScore, readResults, fetchRoster, probeServices } = createGradeServices({
    store,
    identityOf: lti.signingIdentity,
    production: config.production,
    version,
    dispatcher,
    now,
    newId,
  });
  const worker = createWorker({ store, sendScore, now, log, owner: newId() });
  const nightly = createNightly({
    store,
    job: 'reconcile',
    run: reconcileAtNight({ store, readGradebook: readResults, now, log }),
    now,
    newId,
    log,
  });

  const recheckBadges = createRecheckBadges({ store, readCredential, placeCredential, now, newId, say });
  const keepHouse = createNightly({
    store,
    job: 'housekeeping',
    run: housekeeping({ store, now, log }),
    now,
    newId,
    log,
  });
  const recheck = createNightly({
    store,
    job: 'recheck',
    run: async () => {
      const { looked, changed } = await recheckBadges();
      if (looked > 0) log.info({ looked, changed }, 'badges looked at again');
    },
    // What is due is in the store; most looks find nothing.
    next: (at) => at,
    now,
    newId,
    log,
  });

  const web = createWebServer({
    publicUrl: config.publicUrl,
    production: config.production,
    store,
    services,
    pages,
    sessions,
    health: { ...createVitalSigns(store, now, worker.onHold), metricsToken: config.metricsToken },
    mounts: { '/lti': lti.router },
    now,
    newId,
    log,
  });

  let server: Server | null = null;
  return {
    store,
    listen: async () => {
      const listening = await listen(web, config.host, config.port);
      server = listening.server;
      worker.start();
      services.readings.start();
      nightly.start();
      recheck.start();
      keepHouse.start();
      return listening.address;
    },
    stop: async () => {
      if (server !== null) await finish(server);
      nightly.stop();
      recheck.stop();
      keepHouse.stop();
      await services.readings.stop();
      await worker.stop();
      await background.stop();
      await store.close();
    },
  };
}
