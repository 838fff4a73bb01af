const PERSONAL =
  /e-?mail|identity__|^(first|last|full)?_?name$|phone|^utm_|^(fbclid|gclid|mc_eid|trk|trackingid)$/i;
const CAMPAIGN = /^(utm_|fbclid$|gclid$|mc_eid$|trk$|trackingid$)/i;

/**
 * The address without what share links add about the person or the campaign (Badgr's carry the student's e-mail), and
 * without a name and password before the host. `hadSome`: something about the person was in it.
 */
export function withoutPersonalParts(address: string): {
  readonly address: string;
  readonly hadSome: boolean;
} {
  if (!URL.canParse(address)) return { address, hadSome: false };
  const url = new URL(address);
  const personal = [...url.searchParams].filter(
    ([name, value]) => PERSONAL.test(name) || value.includes('@'),
  );
  const hasLogin = url.username !== '' || url.password !== '';
  const namesInFragment = /@|%40|e-?mail=|identity__/i.test(url.hash);
  if (personal.length === 0 && !hasLogin && !namesInFragment) return { address, hadSome: false };
  for (const [name] of personal) url.searchParams.delete(name);
  url.username = '';
  url.password = '';
  if (namesInFragment) url.hash = '';
  return {
    address: url.href,
    hadSome: hasLogin || namesInFragment || personal.some(([name]) => !CAMPAIGN.test(name)),
  };
}
