// Reads what the sheet says in Google's own answers: while reads lag, that is not what stands in it.
import * as z from "zod";
import type { FarEnd } from "../../../local/wire/far-end.ts";
import type { Delivery } from "../strikes.ts";
import { sender } from "../wire.ts";

const Cell = z.looseObject({ formattedValue: z.string().default("") });
const Row = z.looseObject({ values: z.array(Cell).default([]) });
const Read = z.looseObject({
  sheets: z.array(z.looseObject({ data: z.array(z.looseObject({ rowData: z.array(Row).default([]) })) })),
});

/** @param served is told of each reader, and of the cells that it was given. */
export const servedSheets =
  (google: FarEnd, served: (who: Delivery, cells: string[][]) => void): FarEnd["fetch"] =>
  async (request) => {
    const answer = await google.fetch(request);
    const who = sender.getStore();
    if (
      who === undefined ||
      request.method !== "GET" ||
      !answer.ok ||
      !request.url.includes("/v4/spreadsheets/")
    )
      return answer;
    const { sheets } = Read.parse(await answer.clone().json());
    const rows = sheets.flatMap(({ data }) => data).flatMap(({ rowData }) => rowData);
    served(
      who,
      rows.map(({ values }) => values.map(({ formattedValue }) => formattedValue)),
    );
    return answer;
  };
