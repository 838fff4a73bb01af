// The pages between the tool and the LMS. Each says in plain HTML what to do where this script cannot help.

/** LTI Dynamic Registration 1.0 §3.8: tells the window of the LMS that it may close this one. */
function closeRegistration(button) {
  const lms = window.opener ?? (window.parent === window ? null : window.parent);
  if (lms === null) return;
  const close = () => lms.postMessage({ subject: 'org.imsglobal.lti.close' }, button.dataset.origin);
  button.hidden = false;
  button.addEventListener('click', close);
  if (button.dataset.closeRegistration === 'now') close();
}

const finish = document.querySelector('[data-close-registration]');
if (finish !== null) closeRegistration(finish);

/** LTI Platform Storage 0.1: asks the page of the LMS, and believes only the answer of its origin to this very question. */
function askStorage({ frame, origin }, message) {
  const page = frame === '_parent' ? window.parent : window.parent.frames[frame];
  const message_id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), 2500);
    addEventListener('message', function listen({ data, origin: from }) {
      if (
        from !== origin ||
        data?.message_id !== message_id ||
        data.subject !== `${message.subject}.response`
      )
        return;
      clearTimeout(timer);
      removeEventListener('message', listen);
      if (data.error) reject(new Error('refused'));
      else resolve(data.value);
    });
    page.postMessage({ ...message, message_id }, origin);
  });
}

/** Before the sign-in: the LMS page keeps the proof. Where it does not, the cookie may still do. */
async function keepProof(link) {
  const { key, value } = link.dataset;
  try {
    await askStorage(link.dataset, { subject: 'lti.put_data', key, value });
  } finally {
    location.replace(link.href);
  }
}

/** After the sign-in, without a cookie: with the proof the launch itself opens in the new window, else a new sign-in does. */
async function getProof(form) {
  const { frame, key, resume } = form.dataset;
  if (!frame) return;
  const value = await askStorage(form.dataset, { subject: 'lti.get_data', key }).catch(() => null);
  if (typeof value !== 'string') return;
  form.elements.proof.value = value;
  form.action = resume;
  form.dataset.ready = 'proof';
}

/**
 * Storage Access: the person allows cookies with a click, once; after that it works without one. The first time a new sign-in
 * leaves its cookie in this frame. It comes back from the LMS without that cookie, because only a page of ours can ask for
 * it: so the page that is shown then asks, and sends on the launch that waited.
 */
async function allowCookies(form, button, proof) {
  if (!document.requestStorageAccess) return;
  const asked = button.dataset.allowCookies === 'asked';
  const stay = async () => {
    await document.requestStorageAccess();
    form.target = '_self';
    if (asked) form.action = form.dataset.resume;
    else if (form.elements.proof.value === '') form.elements.way.value = 'cookies';
    form.requestSubmit();
  };
  button.hidden = false;
  button.addEventListener('click', () =>
    stay().catch(() => {
      button.hidden = true;
    }),
  );
  const allowed = await navigator.permissions.query({ name: 'storage-access' }).then(
    ({ state }) => state === 'granted',
    () => false,
  );
  await proof;
  if (asked || allowed) await stay();
}

const keeping = document.querySelector('[data-keep-proof]');
if (keeping !== null) keepProof(keeping).catch(() => {});
const blocked = document.querySelector('[data-get-proof]');
if (blocked !== null) {
  const proof = getProof(blocked);
  const allow = blocked.querySelector('[data-allow-cookies]');
  if (allow !== null) allowCookies(blocked, allow, proof).catch(() => {});
}
