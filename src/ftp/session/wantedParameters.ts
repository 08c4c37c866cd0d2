import { modeLetters, type LineParameters, type TransferMode } from '../dtp/dataLine';
import type { TransferRequest } from '../dtp/transferRequest';
import type { Link } from './link';
import { settingsFor, takeSettings } from './parameters';

/** The mode that is wanted for a transfer, as far as this server has it. */
export function wantedMode(
  link: Link,
  { direction, structure }: Pick<TransferRequest, 'direction' | 'structure'>,
): TransferMode {
  const { mode } = link.options;
  // Nobody is known to deflate records.
  if (structure === 'record' && mode === 'deflate') return 'stream';
  if (direction === 'up' && mode === 'deflate' && link.refuses(deflatedUploads)) return 'stream';
  return link.refuses(`MODE ${modeLetters[mode]}`) ? 'stream' : mode;
}

/** Puts MODE, TYPE and STRU before the rest of the prelude where others are in force than those that are wanted. */
export function withParameters(link: Link, request: TransferRequest): TransferRequest {
  const { line, options } = link;
  const { structure = 'file', type = 'image' } = request;
  const wanted: LineParameters = { mode: wantedMode(link, request), structure, type };
  const settings = settingsFor(line.parameters, wanted, options.deflateLevel);
  const own = settings.length;
  if (own === 0) return request;
  return {
    ...request,
    prelude: [...settings.map(({ command }) => command), ...request.prelude],
    check: (replies) => {
      takeSettings(link, settings, replies);
      request.check?.(replies.slice(own));
    },
    start: (begun) => request.start({ ...begun, prelude: begun.prelude.slice(own) }),
  };
}

/** An upload in MODE Z went wrong; false when it was not in MODE Z. */
export function giveUpDeflatedUploads(link: Link): boolean {
  if (wantedMode(link, { direction: 'up' }) !== 'deflate') return false;
  link.profile.learned.unsupported.push(deflatedUploads);
  const text = 'an upload in MODE Z failed; uploads in stream mode on this server from now on';
  link.options.tracer.trouble({ operation: link.operation, text });
  return true;
}

const deflatedUploads = 'MODE Z for uploads';
