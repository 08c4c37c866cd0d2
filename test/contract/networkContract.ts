import { closing } from './closing';
import { connecting } from './connecting';
import { ports } from './ports';
import { reading } from './reading';
import { Stage, type Check, type ContractWorld } from './stage';
import { writing } from './writing';

/** What the engine may rely upon, of the simulated network and of real sockets alike. */
export function networkContract(name: string, makeWorld: () => ContractWorld): void {
  const check: Check = (title, body) => {
    it(title, async () => {
      const world = makeWorld();
      await world.run(async () => {
        const stage = new Stage(world);
        try {
          await body(stage);
        } finally {
          await stage.clear();
        }
      });
    });
  };
  describe(`${name}: connecting`, () => connecting(check));
  describe(`${name}: ports`, () => ports(check));
  describe(`${name}: reading`, () => reading(check));
  describe(`${name}: writing`, () => writing(check));
  describe(`${name}: closing`, () => closing(check));
}
