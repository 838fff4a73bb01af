// Platform storage for tools whose cookies are blocked: LTI Client Side postMessages and Platform Storage 0.1.
// The frame that asks is the only one that can read back what it wrote (values are kept by origin).
const kept = new Map();
const LIMIT = 64;

const answers = {
  'lti.capabilities': () => ({
    supported_messages: [
      { subject: 'lti.capabilities' },
      { subject: 'lti.put_data', frame: '_parent' },
      { subject: 'lti.get_data', frame: '_parent' },
    ],
  }),
  'lti.put_data': (origin, { key, value }) => {
    if (kept.size >= LIMIT) return { key, error: { code: 'storage_exhaustion', message: 'too many values' } };
    if (value === null) kept.delete(`${origin} ${key}`);
    else kept.set(`${origin} ${key}`, value);
    return { key, value };
  },
  'lti.get_data': (origin, { key }) => ({ key, value: kept.get(`${origin} ${key}`) ?? null }),
};

addEventListener('message', (event) => {
  const { subject, message_id } = event.data ?? {};
  const answer = answers[subject];
  if (answer === undefined || message_id === undefined) return;
  event.source.postMessage(
    { subject: `${subject}.response`, message_id, ...answer(event.origin, event.data) },
    event.origin,
  );
});
