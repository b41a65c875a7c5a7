/** Images as bytes, one row each, and their labels where the source has them. */
export interface ImageSet {
  /** [N, height * width], row after row, 0 = background, 255 = ink. */
  readonly pixels: Uint8Array;
  /** [N], or absent. */
  readonly labels?: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

export interface Dataset {
  readonly name: string;
  readonly train: ImageSet;
  readonly test: ImageSet;
}
