// A cron line in words, for those that we write ourselves; any other shows as it is.

/** "every 15 minutes", "at 06:00 every day", "at minute 0 of every 12th hour". In UTC, as the schedules are. */
export function cronWords(cron: string): string {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = cron.trim().split(/\s+/);
  if (rest.length > 0 || month !== "*" || day !== "*") return cron;
  const when = daysOf(weekday);
  if (when === undefined) return cron;
  const everyMinute = stepOf(minute);
  if (everyMinute !== undefined && hour === "*")
    return `${everyMinute === 1 ? "every minute" : `every ${everyMinute} minutes`}${when}`;
  if (!isNumber(minute)) return cron;
  const past = Number(minute) === 0 ? "on the hour" : `${minute} minutes past the hour`;
  const everyHour = stepOf(hour);
  if (everyHour !== undefined)
    return `every ${everyHour === 1 ? "hour" : `${everyHour} hours`}, ${past}${when}`;
  const hours = hour.split(",");
  if (!hours.every(isNumber)) return cron;
  const times = hours.map((each) => `${each.padStart(2, "0")}:${minute.padStart(2, "0")}`);
  return `at ${times.join(" and ")}${when === "" ? " every day" : when}`;
}

/** Of "*" and of a step: 1, n. */
function stepOf(field: string): number | undefined {
  const step = /^\*(?:\/([1-9]\d?))?$/.exec(field);
  return step === null ? undefined : Number(step[1] ?? 1);
}

const isNumber = (field: string): boolean => /^\d{1,2}$/.test(field);

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

function daysOf(field: string): string | undefined {
  if (field === "*") return "";
  if (field === "1-5") return ", Monday to Friday";
  const named = field.split(",").map((each) => (/^[0-7]$/.test(each) ? weekdays[Number(each)] : undefined));
  return named.some((each) => each === undefined) ? undefined : ` on ${named.join(" and ")}`;
}
