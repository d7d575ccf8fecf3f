// The addresses of a service: the two that Cloud Run gives it, the one that Cloud Functions adds, and the laptop's own. Each
// names the same service, and any of Google's three may be the audience of a token for it.
import { type FunctionName, functionNames } from "../../shared/functions.ts";

/** The number of a sample hub's project: addresses carry it where people say the project's name. */
export const projectNumber = 415_104_041_262;
const region = "us-central1";
/** Of a project and region, as in `a.run.app`. */
const hash = "kx7qp3lw2a-uc";

/**
 * The address by which a function is told to know itself, as infra/ground.ts tells it
 * (https://cloud.google.com/run/docs/triggering/https-request).
 */
export const addressOf = (name: FunctionName): string => `https://${name}-${projectNumber}.${region}.run.app`;

/** Every address of a service that a token may be made for. */
export const audiencesOf = (name: FunctionName, project: string): string[] => [
  addressOf(name),
  `https://${name}-${hash}.a.run.app`,
  `https://${functionsHost(project)}/${name}`,
];

/** The names of hosts in these addresses. */
export const hostsOf = (name: FunctionName, project: string): string[] =>
  audiencesOf(name, project).map((address) => new URL(address).host);

const functionsHost = (project: string): string => `${region}-${project}.cloudfunctions.net`;

/**
 * Which service a request is for, and the path that it sees there. By the name of a host of its own; at the host that all share
 * (Cloud Functions', and this machine), by the path's first part.
 */
export function serviceAt(
  host: string,
  path: string,
  project: string,
): { name: FunctionName; path: string } | undefined {
  const hostname = host.replace(/:\d+$/, "").toLowerCase();
  const named = functionNames.find((name) =>
    audiencesOf(name, project).some((address) => new URL(address).host === hostname && isOwn(address)),
  );
  if (named !== undefined) return { name: named, path };
  if (hostname !== functionsHost(project) && !isLoopback(hostname)) return undefined;
  const [, first = "", rest = ""] = /^\/([^/?]+)(.*)$/s.exec(path) ?? [];
  const name = functionNames.find((each) => each === first);
  return name === undefined ? undefined : { name, path: rest.startsWith("/") ? rest : `/${rest}` };
}

const isOwn = (address: string): boolean => new URL(address).pathname === "/";
const isLoopback = (hostname: string): boolean => hostname === "127.0.0.1" || hostname === "localhost";
