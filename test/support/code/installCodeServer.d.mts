/** Path of VS Code's server-main.js. */
export function installCodeServer(say: (line: string) => void): Promise<string>;
