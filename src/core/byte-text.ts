// Turns text and numbers into the bytes of one growing text, without a string for every number.

const ZERO = 48;
const POINT = 46;
/** Decimals of up to 15 digits and doubles answer one another: such a number's shortest form is that decimal. */
const MOST = 1e15;
const MOST_DIGITS = 15;
/** Eight digits fit a 32-bit integer, whose division is quick. */
const BLOCK = 1e8;
const BLOCK_DIGITS = 8;
/** Below it ECMAScript writes an exponent. */
const LEAST_PLAIN = 1e-6;
/** No number's text is longer. */
const LONGEST_NUMBER = 32;
const FIRST_SIZE = 1 << 16;
const LAST_ASCII = 127;
/** Up to this length a loop is quicker than the call that encodes. */
const SHORT = 32;

/** A UTF-8 text that grows at its end; empty at first. */
export class ByteText {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #end = 0;

  /** {byte} */
  get size(): number {
    return this.#end;
  }

  text(value: string): void {
    this.#reserve(3 * value.length);
    if (value.length > SHORT || !this.#putAscii(value)) this.#end += this.#bytes.write(value, this.#end);
  }

  /** Adds what `String(value)` gives. */
  number(value: number): void {
    this.#reserve(LONGEST_NUMBER);
    if (!this.#putPlain(value)) this.#end += this.#bytes.write(String(value), this.#end, "latin1");
  }

  /** Takes the text out, which leaves an empty one; valid until the next change. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#end = 0;
    return taken;
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + size));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }

  /** @returns Whether the text could be added so. */
  #putAscii(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > LAST_ASCII) return false;
      this.#bytes[this.#end + i] = unit;
    }
    this.#end += text.length;
    return true;
  }

  /** @returns Whether the number could be added so: it has up to 15 digits and no exponent. */
  #putPlain(value: number): boolean {
    if (!(value >= 0 && value < MOST)) return false;
    if (value === Math.floor(value)) {
      this.#putInteger(value);
      return true;
    }
    return value >= 1 ? this.#putDecimal(value) : this.#putFraction(value);
  }

  /** A whole number below 1e15. */
  #putInteger(value: number): void {
    const high = Math.floor(value / BLOCK);
    if (high > 0) this.#putDigits(high, digitsOf(high));
    const low = value - high * BLOCK;
    this.#putDigits(low, high > 0 ? BLOCK_DIGITS : digitsOf(low));
  }

  /** A number with up to eight decimals. */
  #putDecimal(value: number): boolean {
    const scaled = Math.round(value * BLOCK);
    if (scaled >= MOST || scaled / BLOCK !== value) return false;
    const whole = Math.floor(scaled / BLOCK);
    this.#putInteger(whole);
    this.#bytes[this.#end++] = POINT;
    this.#putDigits(scaled - whole * BLOCK, BLOCK_DIGITS);
    this.#cutZeros();
    return true;
  }

  /** A number below 1 with up to 15 decimals. */
  #putFraction(value: number): boolean {
    const scaled = Math.round(value * MOST);
    if (value < LEAST_PLAIN || scaled / MOST !== value) return false;
    this.#bytes[this.#end++] = ZERO;
    this.#bytes[this.#end++] = POINT;
    const high = Math.floor(scaled / BLOCK);
    this.#putDigits(high, MOST_DIGITS - BLOCK_DIGITS);
    this.#putDigits(scaled - high * BLOCK, BLOCK_DIGITS);
    this.#cutZeros();
    return true;
  }

  /** The last `count` digits of a whole number below 1e8, zeros in front included. */
  #putDigits(value: number, count: number): void {
    let rest = value | 0;
    for (let place = this.#end + count - 1; place >= this.#end; place--) {
      const next = (rest / 10) | 0;
      this.#bytes[place] = ZERO + rest - next * 10;
      rest = next;
    }
    this.#end += count;
  }

  #cutZeros(): void {
    while (this.#bytes[this.#end - 1] === ZERO) this.#end--;
  }
}

function digitsOf(value: number): number {
  let count = 1;
  for (let limit = 10; limit <= value; limit *= 10) count++;
  return count;
}
