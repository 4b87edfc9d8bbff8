/** Why a file is no logo that can be printed, in words for the one who uploaded it. */
export class LogoFault extends Error {
  override readonly name = 'LogoFault';
}

export interface InspectedLogo {
  mediaType: 'image/png' | 'image/jpeg' | 'image/svg+xml';
  /** In pixels; of a drawing in its own units. */
  width: number;
  height: number;
}
