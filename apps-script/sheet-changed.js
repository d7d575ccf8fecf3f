// Tells Groundcrew that the member sheet was edited, so that it looks at once and not a quarter of an hour later. It says nothing of what
// was edited, and has no secret in it: that is in the script's properties. How to install it: docs/deploy.md, "The sheet".

/** Milliseconds before each attempt at a call. */
const waitsMs = [0, 1000, 3000];

/** Run it by hand, once: makes the triggers, each once however often it is run, and tries whether Groundcrew hears. */
function install() {
  for (const trigger of ScriptApp.getProjectTriggers())
    if (trigger.getHandlerFunction() === "sheetChanged") ScriptApp.deleteTrigger(trigger);
  const trigger = () => ScriptApp.newTrigger("sheetChanged").forSpreadsheet(SpreadsheetApp.getActive());
  trigger().onEdit().create();
  trigger().onChange().create();
  trigger().onFormSubmit().create();
  report(tell(), "Groundcrew hears of every edit from now on.");
}

/**
 * Runs at every edit, at every change of rows and columns, and at every form that is sent in. What only a person mends is thrown, too: Google
 * mails failed runs to whoever has installed the script.
 * @param {{ changeType?: string }} [event]
 */
function sheetChanged(event) {
  // The trigger of edits tells of these already, and colours change nothing.
  if (event?.changeType === "EDIT" || event?.changeType === "FORMAT") return;
  report(tell());
}

/**
 * Shows what is wrong in the corner of the sheet, or that all is well, where there are words for that.
 * @param {{ lasts: boolean, words: string } | undefined} trouble
 * @param {string} [otherwise]
 */
function report(trouble, otherwise) {
  const words = trouble?.words ?? otherwise;
  if (words !== undefined) SpreadsheetApp.getActive().toast(words, "Groundcrew", 10);
  if (trouble?.lasts) throw new Error(trouble.words);
}

/** Calls the door, again where that may help, and gives what is wrong in words. */
function tell() {
  const { door = "", secret = "", hub = "" } = PropertiesService.getScriptProperties().getProperties();
  const missing = Object.entries({ door, secret, hub }).flatMap(([name, value]) =>
    value === "" ? [name] : [],
  );
  if (missing.length > 0)
    return {
      lasts: true,
      words: `Groundcrew cannot be told: put ${missing.join(" and ")} under Project Settings, Script Properties.`,
    };
  let status = 0;
  for (const waitMs of waitsMs) {
    Utilities.sleep(waitMs);
    status = post({ door, secret, hub });
    if (status > 0 && status < 500 && status !== 429) break;
  }
  return troubleOf(status, hub);
}

/**
 * Gives the answer's status, or 0 where there was none.
 * @param {{ door: string, secret: string, hub: string }} to
 */
function post({ door, secret, hub }) {
  const body = JSON.stringify({ hub: hub.trim() });
  const time = String(Math.floor(Date.now() / 1000));
  const signature = Utilities.computeHmacSha256Signature(`${time}.${body}`, secret.trim())
    // Bytes are signed there.
    .map((byte) => (byte & 255).toString(16).padStart(2, "0"))
    .join("");
  try {
    return UrlFetchApp.fetch(door.trim(), {
      method: "post",
      contentType: "application/json",
      payload: body,
      headers: { "x-groundcrew-timestamp": time, "x-groundcrew-signature": `v1=${signature}` },
      muteHttpExceptions: true,
    }).getResponseCode();
  } catch {
    return 0;
  }
}

/**
 * Gives what a status means; nothing where all is well.
 * @param {number} status
 * @param {string} hub
 */
function troubleOf(status, hub) {
  if (status === 204) return undefined;
  if (status === 401)
    return {
      lasts: true,
      words:
        "Groundcrew did not know this script: its property secret is not the value of sheet-webhook-secret.",
    };
  if (status === 404)
    return {
      lasts: true,
      words: `Groundcrew has no hub "${hub}" with members, or its door is elsewhere: compare the properties hub and door.`,
    };
  if (status > 0 && status < 500 && status !== 429)
    return {
      lasts: true,
      words: `Groundcrew did not understand this script (${status}): take the one of the version that is deployed.`,
    };
  return {
    lasts: false,
    words: "Groundcrew could not be told just now. Nothing is lost: it looks by itself within 15 minutes.",
  };
}
