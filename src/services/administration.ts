import type { AuditEvent } from '../domain/audit.ts';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { LaunchNote } from '../domain/launch-note.ts';
import type { Viewer } from '../domain/person.ts';
import type { ProbeStep } from '../domain/service-probe.ts';
import { activityOf, requireRole } from './access.ts';
import type { ServiceDeps } from './deps.ts';

const NEWEST = 50;
const INVITE_LIFE_MS = 24 * 3_600_000;
const LONGEST_NAME = 100;

/** What an administrator of the LMS does here: with their own platform only, and never with students' work. */
export function createAdministration(deps: ServiceDeps) {
  const { store, now, newId, probeServices, makeInvite } = deps;

  /** Lets a deployment of the viewer's platform in. One that was never seen is answered like one that does not exist. */
  async function approveDeployment(viewer: Viewer, deploymentId: string): Promise<void> {
    requireRole(viewer, 'administrator');
    const isKnown = await store.approveDeployment(
      viewer.platformId,
      deploymentId,
      audit(viewer, 'deployment.approved', deploymentId),
    );
    if (!isKnown) throw new AppError('not_found', 'errors.not_found');
  }

  async function launches(viewer: Viewer): Promise<readonly LaunchNote[]> {
    requireRole(viewer, 'administrator');
    return store.launchNotes(viewer.platformId, NEWEST);
  }

  /** `scoreFor`: also send this person a score, into a column that is deleted again. */
  async function probe(viewer: Viewer, scoreFor: string | null): Promise<readonly ProbeStep[]> {
    requireRole(viewer, 'administrator');
    const activity = await activityOf(store, viewer);
    await store.appendAudit(audit(viewer, 'services.probed', activity.id, { withScore: scoreFor !== null }));
    return probeServices(activity, { scoreFor });
  }

  /**
   * A link by which one more LMS registers itself. Who runs the tool has the last word: the registration waits for them,
   * because an administrator answers for their own LMS and not for every other.
   */
  async function invite(viewer: Viewer, name: string): Promise<{ code: string; expiresAt: Instant }> {
    requireRole(viewer, 'administrator');
    const label = name.trim().slice(0, LONGEST_NAME) || null;
    return makeInvite({ name: label, platformStatus: 'disabled', lifeMs: INVITE_LIFE_MS, by: viewer });
  }

  function audit(
    viewer: Viewer,
    action: AuditEvent['action'],
    subject: string,
    detail: AuditEvent['detail'] = {},
  ): AuditEvent {
    const { userId: actor, platformId, deploymentId } = viewer;
    return { id: newId(), at: now(), actor, action, platformId, deploymentId, subject, detail };
  }

  return { approveDeployment, launches, probe, invite };
}
