import type { Certificate } from '../protocol/certificate';
import { shownLine } from './shownLine';
import type { TlsDetails } from './wireEvent';

// TLS 1.3, TLS_AES_256_GCM_SHA384, certificate ftp.example.com, trusted by the system, new session
/** What a control connection's TLS is, and who vouches for the server. */
export function securedText(
  tls: TlsDetails,
  certificate: Certificate | undefined,
  trustedBy: 'system' | 'you',
): string {
  const vouched = trustedBy === 'system' ? 'trusted by the system' : 'accepted by you';
  return `${versionText(tls)}, ${tls.cipher}, certificate ${nameOf(certificate)}, ${vouched}, ${sessionText(tls)}`;
}

// TLS 1.3 resumed    TLS 1.3, new session
export function dataTlsText(tls: TlsDetails): string {
  return `${versionText(tls)}${tls.resumed ? ' ' : ', '}${sessionText(tls)}`;
}

function sessionText({ resumed }: TlsDetails): string {
  return resumed ? 'resumed' : 'new session';
}

// TLSv1.3
function versionText({ protocol }: TlsDetails): string {
  return protocol.startsWith('TLSv') ? `TLS ${protocol.slice('TLSv'.length)}` : protocol;
}

/** Text from the server: nothing in it may move a cursor. */
function nameOf(certificate: Certificate | undefined): string {
  const common = certificate?.subject.split(', ').find((part) => part.startsWith('CN='));
  const name = common?.slice('CN='.length) ?? certificate?.names[0] ?? 'without a name';
  return shownLine(new TextEncoder().encode(name));
}
