import { setTimeout } from "node:timers/promises";
import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import type { Service } from "../../shared/failure.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { scanQuotas } from "./handler.ts";

const house = compose("scan-quotas", process.env);
const { bus, endpoints, ledger, now, secrets, settings } = house;

const pause = (milliseconds: number): Promise<void> => setTimeout(milliseconds);

function sourceOf(hub: string): Service[] {
  const at = settings.hubs[hub]?.quota?.prometheus;
  return at === undefined ? [] : [at.datasource === undefined ? "prometheus" : "grafana"];
}

http(
  "scan-quotas",
  house.worker(
    "quota-scan-due",
    (event, run, delivery) => {
      const at = settings.hubs[event.hub]?.quota?.prometheus;
      const token = () => secrets.read("metrics-token");
      const prometheus =
        at === undefined
          ? undefined
          : prometheusClient({ settings: at, endpoint: endpoints.prometheus, token });
      return scanQuotas(event, run, delivery, {
        ledger,
        prometheus,
        publish: bus.publish,
        now,
        settings,
        pause,
      });
    },
    ({ hub }) => sourceOf(hub),
  ),
);
