// The two checksums that Cloud Storage keeps for each object, computed while its bytes go by.
import { createHash } from "node:crypto";

/** Base64, as the JSON API writes them. */
export type Digest = {
  size: number;
  /** Empty where nobody knows it: of an object that was composed. */
  md5: string;
  crc32c: string;
};

const table = new Uint32Array(256).map((_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** Takes bytes in order; Castagnoli's CRC is not in node:zlib, whose crc32 has another polynomial. */
export function digester(): { add: (bytes: Uint8Array) => void; digest: () => Digest } {
  const md5 = createHash("md5");
  let crc = 0xffffffff;
  let size = 0;
  return {
    add(bytes) {
      md5.update(bytes);
      size += bytes.length;
      for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
    },
    digest() {
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
      return { size, md5: md5.digest("base64"), crc32c: sum.toString("base64") };
    },
  };
}
