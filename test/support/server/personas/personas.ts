import type { Persona } from '../persona';
import { inetutils } from './inetutils';
import { proftpd } from './proftpd';
import { pureftpd } from './pureftpd';
import { pyftpdlib } from './pyftpdlib';
import { reference } from './reference';
import { vsftpd } from './vsftpd';

/** By name, in the order in which matrices walk them. */
export const personas: Readonly<Record<string, Persona>> = {
  reference,
  vsftpd,
  proftpd,
  pureftpd,
  pyftpdlib,
  inetutils,
};
