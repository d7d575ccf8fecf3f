// Reads CSV, as sheets are exported.
import { parse } from "csv-parse/sync";
import * as z from "zod";

const Cells = z.array(z.array(z.string()));

/** Gives a CSV's cells. Throws with the number of the line where its quotes do not fit. */
export const csvCells = (text: string, delimiter = ","): string[][] =>
  Cells.parse(parse(text, { bom: true, relax_column_count: true, delimiter }));
