// Services of Apps Script, as far as the script calls them: https://developers.google.com/apps-script/reference
type Trigger = { getHandlerFunction(): string };
type TriggerBuilder = { create(): Trigger };
type SpreadsheetTriggerBuilder = Record<"onEdit" | "onChange" | "onFormSubmit", () => TriggerBuilder>;
type Spreadsheet = { toast(message: string, title: string, timeoutSeconds: number): void };

declare const PropertiesService: {
  getScriptProperties(): { getProperties(): Partial<Record<string, string>> };
};
declare const ScriptApp: {
  getProjectTriggers(): Trigger[];
  deleteTrigger(trigger: Trigger): void;
  newTrigger(functionName: string): { forSpreadsheet(sheet: Spreadsheet): SpreadsheetTriggerBuilder };
};
declare const SpreadsheetApp: { getActive(): Spreadsheet };
declare const UrlFetchApp: {
  fetch(
    url: string,
    options: {
      method: "post";
      contentType: string;
      payload: string;
      headers: Record<string, string>;
      muteHttpExceptions: boolean;
    },
  ): { getResponseCode(): number };
};
declare const Utilities: {
  sleep(milliseconds: number): void;
  /** Value and key are taken for ASCII; bytes are from -128 to 127. */
  computeHmacSha256Signature(value: string, key: string): number[];
};
