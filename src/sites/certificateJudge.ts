import type { Certificate, CertificateVerdict } from '../ftp/index';
import { hostKey } from './siteUri';
import type { TrustMemory } from './trustMemory';

export interface CertificateQuestion {
  readonly certificate: Certificate;
  /** Anonymous has no password that could have been sent. */
  readonly isAnonymous: boolean;
}

/** Undefined: dismissed. */
export type CertificateAnswer = 'always' | 'once' | undefined;

export type AskCertificate = (question: CertificateQuestion) => Promise<CertificateAnswer>;

/** Certificates that the system does not vouch for: by what is remembered, else by asking a person. */
export class CertificateJudge {
  private readonly questions = new Map<string, Promise<CertificateVerdict>>();

  constructor(
    readonly memory: TrustMemory,
    private readonly askPerson: AskCertificate,
  ) {}

  /** Whoever comes while the question is open waits for the same answer. */
  ask(question: CertificateQuestion): Promise<CertificateVerdict> {
    const { certificate } = question;
    const key = `${hostKey(certificate)} ${certificate.fingerprint}`;
    const open = this.questions.get(key) ?? this.decide(question).finally(() => this.questions.delete(key));
    this.questions.set(key, open);
    return open;
  }

  private async decide(question: CertificateQuestion): Promise<CertificateVerdict> {
    const answer = await this.askPerson(question);
    if (answer === 'always') await this.memory.pin(question.certificate);
    if (answer === 'once') this.memory.trustForWindow(question.certificate);
    return answer ? 'trusted' : 'untrusted';
  }
}
