// Counts, ports and limits as options of a command line.
import { InvalidArgumentError } from "commander";

/** An option's parser that takes whole numbers within bounds, in digits, and says what it takes. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER ? `It is a whole number from ${least}.` : `It is ${least} to ${most}.`,
    );
  };
}
