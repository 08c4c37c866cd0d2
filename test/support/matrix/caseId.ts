export const operations = ['list', 'read', 'write', 'rename'] as const;
/** Servers by the name of their persona: `reference` hides what it is, of the others the engine knows more. */
export const servers = ['reference', 'vsftpd', 'proftpd', 'pureftpd'] as const;
/** `warm`: EPSV, and the next data connection is made ready while nothing waits. */
export const rendezvousWays = ['epsv', 'eprt', 'warm'] as const;
/** `warm`: signed in and at rest; `cold`: the sign-in is part of the case. */
export const states = ['warm', 'cold'] as const;

/** What is done, to whom, and how, before anything goes wrong. */
export interface Scenario {
  readonly operation: (typeof operations)[number];
  readonly persona: (typeof servers)[number];
  readonly rendezvous: (typeof rendezvousWays)[number];
  readonly security: 'plain';
  readonly mode: 'stream';
  readonly state: (typeof states)[number];
}

/** One run: everything in it follows from these. */
export interface CaseId {
  readonly scenario: Scenario;
  /** `reply(MLSD,1)`; see `Points`, and `turn(3)`: the third time that code of the client ran. */
  readonly point: string;
  /** See `faultFor`. */
  readonly kind: string;
  /** `on`: at every later point of the same name, too. */
  readonly persistence: 'once' | 'on';
  readonly seed: number;
}

export function allScenarios(persona: Scenario['persona']): Scenario[] {
  return operations.flatMap((operation) =>
    rendezvousWays.flatMap((rendezvous) =>
      states.map((state) => ({ operation, persona, rendezvous, security: 'plain', mode: 'stream', state })),
    ),
  );
}

export function formatScenario(scenario: Scenario): string {
  const { operation, persona, rendezvous, security, mode, state } = scenario;
  return [operation, persona, rendezvous, security, mode, state].join('/');
}

/** `list/reference/epsv/plain/stream/warm:reply(MLSD,1):close:once:7` */
export function formatCaseId({ scenario, point, kind, persistence, seed }: CaseId): string {
  return [formatScenario(scenario), point, kind, persistence, seed].join(':');
}

/** Throws a readable error for what is no case id. */
export function parseCaseId(text: string): CaseId {
  const [place = '', point = '', kind = '', persistence = '', seed = ''] = text.split(':');
  const complete = /^\w+\([^)]+\)$/.test(point) && kind !== '' && /^\d+$/.test(seed);
  if (!complete || (persistence !== 'once' && persistence !== 'on')) {
    throw new Error(`Not a case id: ${text}`);
  }
  return { scenario: scenarioNamed(place), point, kind, persistence, seed: Number(seed) };
}

/** `write/reference/epsv/plain/stream/warm`; throws when there is none of that name. */
export function scenarioNamed(text: string): Scenario {
  const scenario = servers.flatMap(allScenarios).find((candidate) => formatScenario(candidate) === text);
  if (!scenario) throw new Error(`Not a case id: it begins with ${text}`);
  return scenario;
}

/** The same number for the same id in every run; others for most other ids. */
export function sumOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
