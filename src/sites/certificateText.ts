import { env, l10n } from 'vscode';
import type { Certificate, CertificateProblem } from '../ftp/index';
import { cleanServerText } from './serverText';

/** The facts of a certificate that are shown; a pin has them, too. */
export type CertificateFacts = Omit<Certificate, 'pem'>;

/** What is wrong with it, one sentence each, in the order in which it matters. `now`: milliseconds since 1970. */
export function findingSentences(certificate: CertificateFacts, now: number): string[] {
  return problemsOf(certificate).map((problem) => findings[problem](toldOf(certificate, now)));
}

/** What is wrong with it in a few words, for the end of a sentence. */
export function findingWords(certificate: CertificateFacts): string {
  const [problem = 'other'] = problemsOf(certificate);
  return words[problem](cleanServerText(certificate.host));
}

/** 32 pairs in two lines of 16. */
export function fingerprintLines(fingerprint: string): [string, string] {
  const pairs = cleanServerText(fingerprint).split(':');
  return [pairs.slice(0, 16).join(':'), pairs.slice(16).join(':')];
}

/** `2026-03-01`: the same in every language, and never day for month. */
export function dateText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10);
}

/** One line each: whom it is for, who vouches for it, and how long. */
export function factLines({ subject, issuer, validFrom, validTo }: CertificateFacts): string[] {
  const dates = { from: dateText(validFrom), to: dateText(validTo) };
  return [
    l10n.t('Subject: {subject}', { subject: cleanServerText(subject) }),
    l10n.t('Issuer: {issuer}', { issuer: cleanServerText(issuer) }),
    l10n.t('Valid: {from} to {to}', dates),
  ];
}

interface Told {
  readonly issuer: string;
  readonly names: string;
  readonly host: string;
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

function toldOf({ issuer, names, host, validFrom, validTo }: CertificateFacts, now: number): Told {
  return {
    issuer: cleanServerText(issuer),
    names: cleanServerText(names.join(', ')) || '?',
    host: cleanServerText(host),
    from: dateText(validFrom),
    to: dateText(validTo),
    days: Math.max(0, Math.floor((now - validTo) / day)),
  };
}

const day = 24 * 60 * 60 * 1000;

const order: readonly CertificateProblem[] = [
  'self-signed',
  'unknown-issuer',
  'wrong-name',
  'expired',
  'not-yet-valid',
  'weak',
  'other',
];

function problemsOf({ problems }: CertificateFacts): CertificateProblem[] {
  return order.filter((problem) => problems.includes(problem));
}

const findings: Record<CertificateProblem, (told: Told) => string> = {
  'self-signed': () =>
    l10n.t('Self-signed: nobody but the server vouches for it. Usual on NAS boxes and internal servers.'),
  'unknown-issuer': ({ issuer }) =>
    l10n.t('Unknown issuer: “{issuer}” is not known to this computer.', { issuer }),
  'wrong-name': ({ names, host }) =>
    l10n.t('Wrong name: it is for {names}, not for {host}.', { names, host }),
  expired: ({ to, days }) =>
    days === 1
      ? l10n.t('Expired on {to}, 1 day ago.', { to })
      : l10n.t('Expired on {to}, {days} days ago.', {
          to,
          days: new Intl.NumberFormat(env.language).format(days),
        }),
  'not-yet-valid': ({ from }) => l10n.t('Not valid before {from}. Is this computer’s clock right?', { from }),
  weak: () => l10n.t('Weak: signed or keyed in a way that is no longer safe.'),
  other: () => l10n.t('This computer could not verify it.'),
};

const words: Record<CertificateProblem, (host: string) => string> = {
  'self-signed': () => l10n.t('it is self-signed'),
  'unknown-issuer': () => l10n.t('its issuer is not known to this computer'),
  'wrong-name': (host) => l10n.t('it is not for {host}', { host }),
  expired: () => l10n.t('it has expired'),
  'not-yet-valid': () => l10n.t('it is not valid yet'),
  weak: () => l10n.t('it is weak'),
  other: () => l10n.t('it could not be verified'),
};
