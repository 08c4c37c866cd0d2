import type { ServerProfile } from '../ftp/index';
import { addressKey, type ServerAddress } from './siteUri';

/** What is used of VS Code's Memento. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/**
 * What was learned of servers, kept between windows. The user is part of the key, because the home folder
 * is part of the profile.
 */
export class ProfileMemory {
  private readonly written = new Map<string, string>();

  constructor(private readonly memory: Memory) {}

  recall(address: ServerAddress): ServerProfile | undefined {
    return parseProfile(this.memory.get(profileKey(address)));
  }

  /** Writes only what has changed since it was written last, so it may be called after every operation. */
  async remember(address: ServerAddress, profile: ServerProfile): Promise<void> {
    const key = profileKey(address);
    const text = JSON.stringify(profile);
    if (this.written.get(key) === text) return;
    this.written.set(key, text);
    // A copy: the session goes on changing its own.
    await this.memory.update(key, JSON.parse(text));
  }
}

function profileKey(address: ServerAddress): string {
  return `portside.profile:${addressKey(address)}`;
}

/** A profile as this version writes it, or nothing: another version may have written another shape. */
function parseProfile(value: unknown): ServerProfile | undefined {
  if (!isRecord(value) || !isRecord(value['learned'])) return undefined;
  const { greeting, system, features, home } = value;
  const { rendezvous, fenced, unsupported, listAll, statListing } = value['learned'];
  const isWhole =
    [greeting, system, home].every((text) => typeof text === 'string') &&
    isTexts(features) &&
    isRecord(rendezvous) &&
    isTexts(Object.values(rendezvous)) &&
    typeof fenced === 'boolean' &&
    isTexts(unsupported) &&
    (listAll === undefined || typeof listAll === 'boolean') &&
    (statListing === undefined || statListing === false);
  return isWhole ? (structuredClone(value) as unknown as ServerProfile) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
