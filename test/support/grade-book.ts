/** How a real LMS treats a score that is not newer than the last one: AGS 2.0 lets it pass without effect. */
export type Manner = 'silent' | 'moodle' | 'canvas';
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
export type PlatformColumn = {
  id: string;
  label: string;
  scoreMaximum: number;
  resourceId?: string;
  resourceLinkId?: string;
  tag?: string;
};
export type TakenScore = {
  readonly columnId: string;
  readonly userId: string;
  readonly timestamp: number;
  readonly body: Readonly<Record<string, unknown>>;
};

/** The columns and cells of a gradebook that says no the way real ones do. It never merges columns. */
export type GradeBook = ReturnType<typeof createGradeBook>;

export function createGradeBook(columnsUrl: string, manner: Manner) {
  const columns: PlatformColumn[] = [];
  const received: TakenScore[] = [];
  const cells = new Map<string, TakenScore>();
  /** Students whose scores are refused, and how. */
  const refusedUsers = new Map<string, Answer>();
  let nextColumn = 1;

  function add(column: Omit<PlatformColumn, 'id'>): PlatformColumn {
    const added = { ...column, id: `${columnsUrl}/${nextColumn}/lineitem?type_id=7` };
    nextColumn += 1;
    columns.push(added);
    return added;
  }

  function create(column: Omit<PlatformColumn, 'id'>): Answer {
    if (!column.label || column.label.length > 255) return { status: 400, body: 'label' };
    if (!(column.scoreMaximum > 0)) return { status: 400, body: 'maximum' };
    return { status: 201, body: add(column) };
  }

  function take(column: PlatformColumn, body: Record<string, unknown>): Answer {
    const { userId, timestamp, scoreGiven, scoreMaximum, activityProgress, gradingProgress } = body;
    if (typeof userId !== 'string' || typeof timestamp !== 'string')
      return { status: 400, body: 'incomplete' };
    if (typeof activityProgress !== 'string' || typeof gradingProgress !== 'string') {
      return { status: 400, body: 'incomplete' };
    }
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp)) return { status: 400, body: 'date' };
    if ((scoreGiven === undefined) !== (scoreMaximum === undefined)) return { status: 422, body: 'maximum' };
    const refusal = refusedUsers.get(userId);
    if (refusal !== undefined) return refusal;

    const score: TakenScore = { columnId: column.id, userId, timestamp: Date.parse(timestamp), body };
    received.push(score);
    const key = `${column.id} ${userId}`;
    const last = cells.get(key);
    const refused = last === undefined ? null : notNewer(manner, last, score);
    if (refused !== null) return refused;
    cells.set(key, score);
    return { status: 200 };
  }

  const keyOf = (userId: string) => `${columns[0]?.id} ${userId}`;

  /** A teacher changes the points in the LMS itself. */
  function override(userId: string, scoreGiven: number, scoreMaximum?: number): void {
    const held = cells.get(keyOf(userId));
    if (held === undefined) throw new Error(`no score of ${userId}`);
    const body = { ...held.body, scoreGiven, ...(scoreMaximum && { scoreMaximum }) };
    cells.set(keyOf(userId), { ...held, body });
  }

  function results(column: PlatformColumn, userId: string | null): unknown[] {
    return [...cells.values()]
      .filter((cell) => cell.columnId === column.id && (userId === null || cell.userId === userId))
      .map(({ userId: id, body }) => ({
        id: `${column.id}/results/${id}`,
        userId: id,
        ...(body['gradingProgress'] === 'FullyGraded' && {
          resultScore: body['scoreGiven'],
          resultMaximum: body['scoreMaximum'],
        }),
        comment: body['comment'],
      }));
  }

  return {
    columns,
    /** Scores that arrived, also those without effect. */
    received,
    refusedUsers,
    add,
    create,
    take,
    results,
    override,
    /** The LMS loses what it took. */
    forget: (userId: string) => cells.delete(keyOf(userId)),
    /** What the gradebook shows for a student: the newest score as it was sent. */
    shown: (userId: string, columnId = columns[0]?.id) => cells.get(`${columnId} ${userId}`)?.body ?? null,
  };
}

function notNewer(manner: Manner, last: TakenScore, score: TakenScore): Answer | null {
  const second = (at: number) => Math.floor(at / 1000);
  if (manner === 'moodle' && second(last.timestamp) >= second(score.timestamp)) {
    return {
      status: 409,
      body: { reason: 'Refusing score with an earlier timestamp for item 1 and user 2' },
    };
  }
  if (manner === 'canvas' && last.timestamp > score.timestamp) {
    const [sent, known] = [score, last].map(({ timestamp }) => new Date(timestamp).toISOString());
    const message = `Provided timestamp of ${sent} before last updated timestamp of ${known}`;
    return { status: 400, body: { errors: { type: 'bad_request', message } } };
  }
  return last.timestamp >= score.timestamp ? { status: 200 } : null;
}
