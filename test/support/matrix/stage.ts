import { connect, restTimers, type ConnectOptions, type FtpSession, type WireEvent } from '../../../src/ftp';
import { MemoryFiles } from '../server/memoryFiles';
import { personas } from '../server/personas/personas';
import type { Violation } from '../server/police';
import { ReferenceServer, type LogLine, type ServerOptions } from '../server/referenceServer';
import type { Kernel } from '../sim/kernel';
import type { SimHost } from '../sim/simHost';
import { SimWorld } from '../sim/simWorld';
import { ArmedScript } from './armedScript';
import { formatCaseId, sumOf, type CaseId } from './caseId';
import { ClientWatch } from './clientWatch';
import { timeouts } from './deadlines';
import { otherAddress } from './faultsAt';
import type { Plant } from './plant';
import { furnish } from './subjects';

/** A fresh world for one case: client and server 50 ms apart, and all that is written down about them. */
export class Stage {
  readonly files = new MemoryFiles();
  readonly script = new ArmedScript();
  readonly events: WireEvent[] = [];
  readonly violations: Violation[] = [];
  /** Occurs nowhere else. */
  readonly password: string;
  /** Of the last session. */
  profile: () => string = () => '';
  private readonly servers: ReferenceServer[] = [];
  private sessions = 0;

  private constructor(
    readonly kernel: Kernel,
    readonly client: SimHost,
    private readonly serverOptions: ServerOptions,
    private readonly id: CaseId,
    private readonly plant: Plant,
  ) {
    this.password = sentinelOf(id);
  }

  static async set(kernel: Kernel, id: CaseId, plant: Plant): Promise<Stage> {
    kernel.addRestTimers(restTimers);
    const world = new SimWorld(kernel);
    const client = world.host('client', ['10.0.0.1']);
    const far = world.host('server', [serverAddress, otherAddress]);
    world.link('client', 'server', { delay: 25 });
    const persona = personas[id.scenario.persona];
    if (!persona) throw new Error(`No persona is called ${id.scenario.persona}.`);
    far.noDelay = persona.noDelay;
    const options: ServerOptions = {
      persona,
      network: far.network,
      clock: kernel.clock('server'),
      files: new MemoryFiles(),
      host: serverAddress,
      port: controlPort,
      // Three or four pieces for every transfer: more fault points.
      chunkSize: 1000,
    };
    const stage = new Stage(kernel, client, options, id, plant);
    furnish(stage.files);
    await stage.startServer();
    return stage;
  }

  readonly watch = new ClientWatch(controlPort);

  /** Again at the same port, after the process died for good. */
  async startServer(): Promise<void> {
    const server = await ReferenceServer.start({
      ...this.serverOptions,
      files: this.files,
      users: { web: this.password },
      script: this.script,
      onViolation: (violation) => this.violations.push(violation),
    });
    this.servers.push(server);
  }

  /** Signs in. */
  async connect(signal: AbortSignal | undefined): Promise<FtpSession> {
    const { plant } = this;
    const name = `session ${++this.sessions}`;
    const trace = (event: WireEvent): unknown => this.events.push(event);
    const options: ConnectOptions = {
      name,
      host: serverAddress,
      port: controlPort,
      user: 'web',
      password: this.password,
      security: 'none',
      dataConnection: this.id.scenario.rendezvous === 'eprt' ? 'active' : 'passive',
      warm: this.id.scenario.rendezvous === 'warm',
      timeouts,
      trace: plant.trace?.(trace) ?? trace,
      ...(signal && { signal }),
    };
    const own = this.kernel.environment(this.client);
    const watched = this.watch.watch(own, name);
    const environment = plant.environment?.(watched, controlPort) ?? watched;
    const session = await connect(options, environment);
    this.profile = () => JSON.stringify(session.profile);
    return plant.session?.(session, this.password) ?? session;
  }

  /** What the server heard and said, by control connection, in the order in which they came about. */
  serverSessions(): LogLine[][] {
    return this.servers.flatMap((server) =>
      Array.from({ length: server.sessions }, (_, index) =>
        server.log.filter(({ session }) => session === index + 1),
      ),
    );
  }

  async stopServers(): Promise<void> {
    for (const server of this.servers) await server.stop();
  }
}

const serverAddress = '10.0.0.2';
const controlPort = 2121;

/** With characters that URLs and base64 write in another way. */
function sentinelOf(id: CaseId): string {
  return `pass/word+${sumOf(formatCaseId(id)).toString(36)}%end`;
}
