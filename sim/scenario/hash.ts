/** A hash of numbers, bit for bit: two FNV-1a lanes over their 32-bit halves. */
export class NumberHash {
  private low = 0x811c9dc5;
  private high = 0x01234567;

  add(numbers: Float64Array): void {
    const halves = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
    let { low, high } = this;
    for (let i = 0; i < halves.length; i++) {
      low = Math.imul(low ^ halves[i]!, 0x01000193);
      high = Math.imul(high ^ halves[i]!, 0x85ebca6b);
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
  }

  hex(): string {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
