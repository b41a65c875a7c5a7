/** A logsumexp of every row that more terms can be added to: max + ln sum of what came so far. */
export class LogSums {
  /** [rows] */
  readonly max: Float64Array;
  private readonly sum: Float64Array;

  constructor(readonly rows: number) {
    this.max = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.sum = new Float64Array(rows);
  }

  /** Adds sum · exp(max) to one row. */
  add(row: number, max: number, sum: number): void {
    const known = this.max[row]!;
    if (max > known) {
      this.sum[row] = this.sum[row]! * Math.exp(known - max) + sum;
      this.max[row] = max;
    } else if (sum > 0) this.sum[row]! += sum * Math.exp(max - known);
  }

  addAll(other: LogSums): void {
    for (let row = 0; row < this.rows; row++) this.add(row, other.max[row]!, other.sum[row]!);
  }

  /** Takes the value of row `from` of the other in place of its own. */
  replace(row: number, other: LogSums, from: number): void {
    this.max[row] = other.max[from]!;
    this.sum[row] = other.sum[from]!;
  }

  /** max + ln sum. [rows] */
  values(): Float64Array {
    return this.max.map((max, row) => max + Math.log(this.sum[row]!));
  }
}
