export interface GridProps {
  readonly label: string;
  /** Of a PNG. */
  readonly address: string;
  /** Of the file that it is saved as. */
  readonly name: string;
}

/** A grid of images as a run keeps it. */
export const Grid = ({ label, address, name }: GridProps) => (
  <figure class="grid">
    <h3>{label}</h3>
    <img src={address} alt={`${label}: 64 images, eight by eight`} width="448" height="448" />
    <p class="downloads">
      <a href={address} download={`${name}.png`}>
        Save as PNG
      </a>
    </p>
  </figure>
);
