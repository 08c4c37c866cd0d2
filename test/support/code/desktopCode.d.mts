export function findCodeCommand(): string | undefined;
export function findDesktopCode(): string | undefined;
