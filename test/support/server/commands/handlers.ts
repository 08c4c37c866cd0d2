import { accessCommands } from './access';
import type { HandlerTable } from './handler';
import { historicalCommands } from './historical';
import { listingCommands } from './listing';
import { rendezvousCommands } from './rendezvous';
import { securityCommands } from './security';
import { settingCommands } from './settings';
import { siteCommands } from './site';
import { transferCommands } from './transfer';
import { treeCommands } from './tree';

/** Every command the server knows. A missing verb is answered with 500. */
export const handlers: HandlerTable = {
  ...accessCommands,
  ...securityCommands,
  ...settingCommands,
  ...rendezvousCommands,
  ...historicalCommands,
  ...treeCommands,
  ...listingCommands,
  ...transferCommands,
  ...siteCommands,
};
