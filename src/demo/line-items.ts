import { json, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { LineItem } from './gradebook.ts';
import { type Lms, platformAddresses } from './lms.ts';
import { page } from './paging.ts';
import { note } from './service-log.ts';
import { requireScope } from './token.ts';
import { MEDIA, SCOPE } from './vocabulary.ts';

const PAGE_SIZE = 50;

const body = z.object({
  label: z.string().min(1).max(255),
  scoreMaximum: z.number().positive(),
  resourceLinkId: z.string().min(1).max(255).nullish(),
  resourceId: z.string().max(255).nullish(),
  tag: z.string().max(255).nullish(),
});

/** The line item service (AGS 2.0 §3.2). */
export function lineItemRoutes(lms: Lms): Router {
  const router = Router();
  const container = `/lti/courses/${lms.course.id}/line-items`;
  const fault = lms.faults.on('line-items');
  const read = requireScope(lms, SCOPE.lineItem, SCOPE.lineItemRead);
  const write = requireScope(lms, SCOPE.lineItem);
  const lineItemJson = json({ type: MEDIA.lineItem });

  router
    .route(container)
    .all(lms.log.record, fault)
    .get(read, (req, res) => {
      const found = lms.gradebook
        .lineItems()
        .filter(
          (item) =>
            matches(req, 'resource_link_id', item.resourceLinkId) &&
            matches(req, 'resource_id', item.resourceId) &&
            matches(req, 'tag', item.tag),
        );
      const shown = page(req, res, lms.url, found, PAGE_SIZE);
      note(res, `${shown.length} of ${found.length}`);
      send(
        res,
        MEDIA.lineItems,
        shown.map((item) => asJson(lms, item)),
      );
    })
    .post(write, lineItemJson, (req, res) => {
      const asked = readBody(req, res);
      if (asked === null) return;
      // §3.2.9: the link must be one of this tool in this course.
      if (asked.resourceLinkId !== null && lms.course.link(asked.resourceLinkId) === undefined) {
        return refuse(res, 404, 'no such resource link');
      }
      const added = lms.gradebook.addLineItem(asked);
      note(res, `created ${added.id}`);
      res.status(201);
      send(res, MEDIA.lineItem, asJson(lms, added));
    });

  router
    .route(`${container}/:id`)
    .all(lms.log.record, fault)
    .get(read, (req, res) => {
      const item = knownLineItem(lms, req, res);
      if (item !== null) send(res, MEDIA.lineItem, asJson(lms, item));
    })
    .put(write, lineItemJson, (req, res) => {
      const item = knownLineItem(lms, req, res);
      if (item === null) return;
      const asked = readBody(req, res);
      if (asked === null) return;
      if (asked.resourceLinkId !== null && asked.resourceLinkId !== item.resourceLinkId) {
        return refuse(res, 400, 'a line item stays with its link');
      }
      const changed = { ...asked, id: item.id, resourceLinkId: item.resourceLinkId };
      lms.gradebook.changeLineItem(changed);
      note(res, `changed ${item.id}`);
      send(res, MEDIA.lineItem, asJson(lms, changed));
    })
    .delete(write, (req, res) => {
      const item = knownLineItem(lms, req, res);
      if (item === null) return;
      lms.gradebook.removeLineItem(item.id);
      note(res, `deleted ${item.id}`);
      res.status(204).end();
    });
  return router;
}

/** The line item that the address names, `type_id` included; answers 404 and null otherwise. */
export function knownLineItem(lms: Lms, req: Request, res: Response): LineItem | null {
  const id = req.params['id'];
  const item = typeof id === 'string' ? lms.gradebook.lineItem(id) : undefined;
  if (item !== undefined && req.query['type_id'] === '1') return item;
  refuse(res, 404, item === undefined ? 'no such line item' : 'the query of the address was lost');
  return null;
}

export function refuse(res: Response, status: number, why: string): void {
  note(res, why);
  res.status(status).json({ error: why });
}

/** Sends JSON under its exact media type; Express would turn `…+json` into one with a charset. */
export function send(res: Response, mediaType: string, value: unknown): void {
  res.set('content-type', mediaType).end(JSON.stringify(value));
}

function readBody(req: Request, res: Response): Omit<LineItem, 'id'> | null {
  if (!req.is(MEDIA.lineItem)) {
    refuse(res, 415, `expected ${MEDIA.lineItem}`);
    return null;
  }
  const asked = body.safeParse(req.body);
  if (!asked.success) {
    refuse(
      res,
      400,
      `missing or wrong: ${asked.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
    );
    return null;
  }
  const { label, scoreMaximum, resourceLinkId, resourceId, tag } = asked.data;
  return {
    label,
    scoreMaximum,
    resourceLinkId: resourceLinkId ?? null,
    resourceId: resourceId ?? null,
    tag: tag ?? null,
  };
}

function matches(req: Request, parameter: string, value: string | null): boolean {
  const wanted = req.query[parameter];
  return wanted === undefined || wanted === value;
}

function asJson(lms: Lms, item: LineItem): Record<string, unknown> {
  return {
    id: platformAddresses(lms).lineItem(item.id),
    label: item.label,
    scoreMaximum: item.scoreMaximum,
    ...(item.resourceLinkId !== null && { resourceLinkId: item.resourceLinkId }),
    ...(item.resourceId !== null && { resourceId: item.resourceId }),
    ...(item.tag !== null && { tag: item.tag }),
  };
}
