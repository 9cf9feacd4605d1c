// Turns text and numbers into the bytes of one growing text, without a string for every number.

/** A UTF-8 text that grows at its end. */
export type ByteText = {
  readonly text: (value: string) => void;
  /** Adds what `String(value)` gives. */
  readonly number: (value: number) => void;
  /** {byte} */
  readonly size: () => number;
  /** Takes the text out, which leaves an empty one; valid until the next change. */
  readonly take: () => Uint8Array;
};

const ZERO = 48;
const POINT = 46;
/** Decimals of up to 15 digits and doubles answer one another: such a number's shortest form is that decimal. */
const MOST = 1e15;
/** Eight digits fit a 32-bit integer, whose division is quick. */
const BLOCK = 1e8;
/** Below it ECMAScript writes an exponent. */
const LEAST_PLAIN = 1e-6;
/** No number's text is longer. */
const LONGEST_NUMBER = 32;
const FIRST_SIZE = 1 << 16;
const LAST_ASCII = 127;
/** Up to this length a loop is quicker than the call that encodes. */
const SHORT = 32;

/** An empty text. */
export function byteText(): ByteText {
  let buffer = Buffer.allocUnsafe(FIRST_SIZE);
  let end = 0;
  const reserve = (size: number): void => {
    if (end + size <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, end + size));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  };
  return {
    text: (value) => {
      reserve(3 * value.length);
      end = putText(buffer, end, value);
    },
    number: (value) => {
      reserve(LONGEST_NUMBER);
      end = putNumber(buffer, end, value);
    },
    size: () => end,
    take: () => {
      const taken = buffer.subarray(0, end);
      end = 0;
      return taken;
    },
  };
}

/** @returns Where the text ends. */
function putText(bytes: Buffer, at: number, text: string): number {
  if (text.length > SHORT) return at + bytes.write(text, at);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > LAST_ASCII) return at + bytes.write(text, at);
    bytes[at + i] = unit;
  }
  return at + text.length;
}

/** @returns Where the number's text ends. */
function putNumber(bytes: Buffer, at: number, value: number): number {
  if (value >= 0 && value < MOST) {
    if (value === Math.floor(value)) return putInteger(bytes, at, value);
    if (value >= 1) {
      const scaled = Math.round(value * BLOCK);
      if (scaled < MOST && scaled / BLOCK === value) return putDecimal(bytes, at, { scaled, decimals: 8 });
    } else if (value >= LEAST_PLAIN) {
      const scaled = Math.round(value * MOST);
      if (scaled / MOST === value) return putDecimal(bytes, at, { scaled, decimals: 15 });
    }
  }
  return at + bytes.write(String(value), at, "latin1");
}

/** A whole number below 1e15. */
function putInteger(bytes: Buffer, at: number, value: number): number {
  if (value < BLOCK) return putDigits(bytes, at, { value, count: digitsOf(value) });
  const high = Math.floor(value / BLOCK);
  const middle = putDigits(bytes, at, { value: high, count: digitsOf(high) });
  return putDigits(bytes, middle, { value: value - high * BLOCK, count: 8 });
}

/** `scaled` / 10^`decimals`, for 8 decimals or, below 1, for 15. */
function putDecimal(bytes: Buffer, at: number, number: { readonly scaled: number; readonly decimals: 8 | 15 }): number {
  const high = Math.floor(number.scaled / BLOCK);
  const low = number.scaled - high * BLOCK;
  let end = at;
  if (number.decimals === 8) {
    end = putInteger(bytes, end, high);
    bytes[end++] = POINT;
  } else {
    bytes[end++] = ZERO;
    bytes[end++] = POINT;
    end = putDigits(bytes, end, { value: high, count: 7 });
  }
  end = putDigits(bytes, end, { value: low, count: 8 });
  while (bytes[end - 1] === ZERO) end--;
  return end;
}

/** The last `count` digits of a whole number below 1e8, zeros in front included. */
function putDigits(
  bytes: Buffer,
  at: number,
  { value, count }: { readonly value: number; readonly count: number },
): number {
  let rest = value | 0;
  for (let place = at + count - 1; place >= at; place--) {
    const next = (rest / 10) | 0;
    bytes[place] = ZERO + rest - next * 10;
    rest = next;
  }
  return at + count;
}

function digitsOf(value: number): number {
  let count = 1;
  for (let limit = 10; limit <= value; limit *= 10) count++;
  return count;
}
