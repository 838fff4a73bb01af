const TOKEN_URL = 'https://auth.brightspace.com/core/connect/token';
const AUDIENCE = 'https://api.brightspace.com/auth/token';

/** What board IT types into each LMS, filled in from the tool's own address. Public: nothing in it is secret. */
export function setUpGuide(publicUrl: string) {
  const login = `${publicUrl}/lti/login`;
  const launch = `${publicUrl}/lti/launch`;
  const keys = `${publicUrl}/lti/keys`;
  const command = (auth: string, token: string, jwks: string, audience: string | null, issuer: string) =>
    [
      'npx shsm-badges platform add --name "…"',
      `--issuer ${issuer}`,
      '--client-id …',
      `--auth-url ${auth}`,
      `--token-url ${token}`,
      `--jwks-url ${jwks}`,
      ...(audience === null ? [] : [`--audience ${audience}`]),
      '--deployment-id …',
    ].join(' \\\n  ');
  return [
    {
      id: 'brightspace',
      name: 'Brightspace',
      values: [
        { label: 'Domain', value: new URL(publicUrl).host },
        { label: 'Redirect URLs', value: launch },
        { label: 'OpenID Connect Login URL', value: login },
        { label: 'Target Link URI', value: launch },
        { label: 'Keyset URL', value: keys },
      ],
      steps: ['register', 'extensions', 'deploy', 'security', 'grades', 'link', 'tell'],
      command: command(
        'https://lms.board.example/d2l/lti/authenticate',
        TOKEN_URL,
        'https://lms.board.example/d2l/.well-known/jwks',
        AUDIENCE,
        'https://lms.board.example',
      ),
    },
    {
      id: 'moodle',
      name: 'Moodle',
      values: [
        { label: 'Tool URL', value: launch },
        { label: 'Public keyset', value: keys },
        { label: 'Initiate login URL', value: login },
        { label: 'Redirection URI(s)', value: launch },
      ],
      steps: ['register', 'services', 'privacy', 'tell'],
      command: command(
        'https://moodle.board.example/mod/lti/auth.php',
        'https://moodle.board.example/mod/lti/token.php',
        'https://moodle.board.example/mod/lti/certs.php',
        null,
        'https://moodle.board.example',
      ),
    },
    {
      id: 'canvas',
      name: 'Canvas',
      values: [
        { label: 'Redirect URIs', value: launch },
        { label: 'Target Link URI', value: launch },
        { label: 'OpenID Connect Initiation Url', value: login },
        { label: 'Public JWK URL', value: keys },
      ],
      steps: ['register', 'scopes', 'placements', 'tell'],
      command: command(
        'https://sso.canvaslms.com/api/lti/authorize_redirect',
        'https://sso.canvaslms.com/login/oauth2/token',
        'https://sso.canvaslms.com/api/lti/security/jwks',
        null,
        'https://canvas.instructure.com',
      ),
    },
  ] as const;
}
