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
